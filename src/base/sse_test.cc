#include "base/sse.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace refrain::base {
namespace {

/// An event with its texts copied.
struct kept_event {
  std::string type;
  std::string data;
  std::string id;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  friend bool operator==(const kept_event&, const kept_event&) = default;
};

void PrintTo(const kept_event& one, std::ostream* out) {
  *out << '[' << one.type << '|' << one.data << '|' << one.id << " @" << one.offset << '+' << one.length << ']';
}

struct reading {
  std::vector<kept_event> events;
  std::uint64_t whole = 0;
  std::uint64_t field_lines = 0;
  bool too_large = false;

  friend bool operator==(const reading&, const reading&) = default;
};

/// Reads a stream in pieces that end at `cuts`.
reading read(std::string_view stream, const std::vector<std::size_t>& cuts = {}, byte_count limit = 1_MiB) {
  reading found;
  sse_parser parser{limit};
  const auto take = [&] {
    while (const auto event = parser.next()) {
      found.events.push_back(
          {std::string{event->type}, std::string{event->data}, std::string{event->id}, event->offset, event->length});
    }
  };
  std::size_t done = 0;
  for (const std::size_t cut : cuts) {
    parser.feed(stream.substr(done, cut - done));
    take();
    done = cut;
  }
  parser.feed(stream.substr(done));
  take();
  parser.finish();
  take();
  found.whole = parser.whole();
  found.field_lines = parser.field_lines();
  found.too_large = parser.too_large();
  return found;
}

struct stream_case {
  std::string_view name;
  std::string stream;
  std::vector<kept_event> events;
};

class sse_streams : public testing::TestWithParam<stream_case> {};

TEST_P(sse_streams, give_these_events) { EXPECT_EQ(read(GetParam().stream).events, GetParam().events); }

TEST_P(sse_streams, may_be_cut_anywhere) {
  const auto& stream = GetParam().stream;
  const auto whole = read(stream);
  std::vector<std::size_t> every;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    EXPECT_EQ(read(stream, {cut}), whole) << "cut at " << cut;
    every.push_back(cut);
  }
  EXPECT_EQ(read(stream, every), whole) << "byte by byte";
}

INSTANTIATE_TEST_SUITE_P(
    each, sse_streams,
    testing::Values(
        stream_case{"line_feeds", "data: a\n\ndata: b\n\n", {{"", "a", "", 0, 9}, {"", "b", "", 9, 9}}},
        stream_case{"both_characters", "data: a\r\n\r\ndata: b\r\n\r\n", {{"", "a", "", 0, 11}, {"", "b", "", 11, 11}}},
        stream_case{"carriage_returns", "data: a\r\rdata: b\r\r", {{"", "a", "", 0, 9}, {"", "b", "", 9, 9}}},
        stream_case{"mixed_ends", "data: a\r\n\ndata: b\n\r\n", {{"", "a", "", 0, 10}, {"", "b", "", 10, 10}}},
        stream_case{"several_data_lines", "data: a\ndata:\ndata: b\n\n", {{"", "a\n\nb", "", 0, 23}}},
        stream_case{
            "one_blank_after_the_colon_goes", "data:  a\n\ndata:b\n\n", {{"", " a", "", 0, 10}, {"", "b", "", 10, 8}}},
        stream_case{"type_and_id",
                    "event: error\nid: 7\ndata: x\n\ndata: y\n\n",
                    {{"error", "x", "7", 0, 28}, {"", "y", "7", 28, 9}}},
        stream_case{"id_with_zero_byte_is_ignored", std::string("id: a\0b\ndata: x\n\n", 17), {{"", "x", "", 0, 17}}},
        stream_case{"comment_belongs_to_the_event_behind_it", ": hello\ndata: x\n\n", {{"", "x", "", 0, 17}}},
        stream_case{"comment_of_its_own_is_no_event", ": ping\n\ndata: x\n\n", {{"", "x", "", 8, 9}}},
        stream_case{"type_without_data_is_no_event", "event: x\n\ndata: y\n\n", {{"", "y", "", 10, 9}}},
        stream_case{"data_that_is_empty", "data\n\ndata:\n\n", {{"", "", "", 0, 6}, {"", "", "", 6, 7}}},
        stream_case{"byte_order_mark",
                    "\xEF\xBB\xBF"
                    "data: x\n\n",
                    {{"", "x", "", 0, 12}}},
        stream_case{"byte_order_mark_later_is_text",
                    "data: x\n\n\xEF\xBB\xBF"
                    "data: y\n\n",
                    {{"", "x", "", 0, 9}}},
        stream_case{"unknown_fields", "retry: 3\nfoo: bar\ndata: x\n\n", {{"", "x", "", 0, 27}}},
        stream_case{"field_names_are_exact", " data: x\nDATA: y\ndatas: z\n\n", {}},
        stream_case{"no_blank_line_no_event", "data: x\n\ndata: y\n", {{"", "x", "", 0, 9}}},
        stream_case{"blank_lines_alone", "\n\n\r\n\r", {}}, stream_case{"nothing", "", {}},
        stream_case{"last_return_ends_a_line", "data: x\n\r", {{"", "x", "", 0, 9}}}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(sse, whole_counts_blocks_that_are_complete) {
  sse_parser parser{1_MiB};
  parser.feed("data: a\n\n: ping\n\ndata: b\n");
  EXPECT_TRUE(parser.next());
  EXPECT_EQ(parser.whole(), 9U);
  EXPECT_FALSE(parser.next());
  EXPECT_EQ(parser.whole(), 17U);
}

TEST(sse, an_event_waits_for_the_byte_after_a_return) {
  sse_parser parser{1_MiB};
  parser.feed("data: a\r\n\r");
  EXPECT_FALSE(parser.next());
  parser.feed("\n");
  const auto event = parser.next();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->length, 11U);
}

TEST(sse, an_event_over_the_limit_ends_the_reading_wherever_it_is_cut) {
  const std::string stream = "data: a\n\ndata: 0123456789\n\ndata: b\n\n";
  EXPECT_FALSE(read(stream, {}, byte_count{18}).too_large);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    const auto found = read(stream, {cut}, byte_count{17});
    EXPECT_TRUE(found.too_large);
    EXPECT_EQ(found.events.size(), 1U);
    EXPECT_EQ(found.whole, 9U);
  }
}

TEST(sse, field_lines_leave_out_blanks_and_comments) {
  EXPECT_EQ(read("data: x\n\n\n : y\n  \n: z\n:").field_lines, 2U);
  EXPECT_EQ(read("data: x\n\n").field_lines, 1U);
  EXPECT_EQ(read("data: x\n\nrubbish").field_lines, 2U);
  EXPECT_EQ(read("data: x\n\nevent: ping\nid: 1\nretry: 5\n\n").field_lines, 1U);
  EXPECT_EQ(read("data: x\n\nevent: ping\nrubbish\n\n").field_lines, 2U);
  EXPECT_EQ(read("data: x\n\nevent: ping\n").field_lines, 2U);
}

TEST(sse, random_streams_may_be_cut_anywhere) {
  constexpr std::string_view pieces[] = {"data",     "data: ", ":", " ",    "\n",   "\r",           "\r\n",
                                         "event: e", "id: 1",  "x", "\n\n", "\r\r", "\xEF\xBB\xBF", "\r\n\r\n"};
  std::mt19937_64 random{7};
  const auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random);
  };
  for (int round = 0; round < 2000; ++round) {
    std::string stream;
    for (auto left = below(20); left > 0; --left) stream.append(pieces[below(std::size(pieces))]);
    std::vector<std::size_t> cuts;
    for (std::size_t at = 0; at < stream.size(); at += 1 + below(5)) cuts.push_back(at);
    EXPECT_EQ(read(stream, cuts), read(stream)) << testing::PrintToString(stream);
    EXPECT_EQ(read(stream, cuts, byte_count{9}), read(stream, {}, byte_count{9})) << testing::PrintToString(stream);
  }
}

}  // namespace
}  // namespace refrain::base
