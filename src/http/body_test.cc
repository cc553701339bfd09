#include "http/body.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refrain::http {
namespace {

using base::errc;

message_head framed(framing how, std::uint64_t length = 0) {
  message_head head;
  head.body = how;
  head.length = length;
  return head;
}

/// What became of a body: its content, what of the input was not its own, and the fault.
struct reading {
  std::string content;
  std::string rest;
  bool done = false;
  std::string fault;

  friend bool operator==(const reading&, const reading&) = default;
};

/// Feeds `pieces` as a connection would: what a step does not consume is offered again with more behind it.
reading read(const message_head& head, const std::vector<std::string_view>& pieces) {
  body_decoder body{head};
  reading got;
  std::string buffer;
  for (const auto piece : pieces) {
    buffer += piece;
    while (!body.done()) {
      const auto step = body.feed(buffer);
      if (!step) {
        got.fault = step.error().context;
        return got;
      }
      got.content += step->content;
      buffer.erase(0, step->consumed);
      if (step->consumed == 0 || buffer.empty()) break;
    }
  }
  got.done = body.done();
  got.rest = buffer;
  return got;
}

reading read_whole(const message_head& head, std::string_view input) { return read(head, {input}); }

const auto chunked = framed(framing::chunked);

struct body_case {
  std::string_view name;
  message_head head;
  std::string input;
  std::string content;
  std::string rest;
};

class bodies : public testing::TestWithParam<body_case> {};

TEST_P(bodies, have_the_same_content_wherever_they_were_cut) {
  const auto& one = GetParam();
  const reading expected{.content = one.content, .rest = one.rest, .done = true, .fault = ""};
  ASSERT_EQ(read_whole(one.head, one.input), expected);
  const std::string_view all = one.input;
  std::vector<std::string_view> bytes;
  for (std::size_t at = 0; at < all.size(); ++at) {
    bytes.push_back(all.substr(at, 1));
    for (std::size_t second = at; second < all.size(); ++second) {
      ASSERT_EQ(read(one.head, {all.substr(0, at), all.substr(at, second - at), all.substr(second)}), expected)
          << "cut at " << at << " and " << second;
    }
  }
  EXPECT_EQ(read(one.head, bytes), expected) << "byte by byte";
}

INSTANTIATE_TEST_SUITE_P(
    each, bodies,
    testing::Values(
        body_case{"none", framed(framing::none), "GET /", "", "GET /"},
        body_case{"length", framed(framing::length, 5), "helloGET /", "hello", "GET /"},
        body_case{"length_of_nothing", framed(framing::length, 0), "GET /", "", "GET /"},
        body_case{"chunks", chunked, "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\nGET /", "hello world", "GET /"},
        body_case{"no_chunk", chunked, "0\r\n\r\nGET /", "", "GET /"},
        body_case{"sizes_in_both_cases", chunked, "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n",
                  "01234567890123456789", ""},
        body_case{"leading_zeros", chunked, "0005\r\nhello\r\n000\r\n\r\n", "hello", ""},
        body_case{"extensions", chunked, "5;a=b;c=\"d;e\"\r\nhello\r\n0;last\r\n\r\n", "hello", ""},
        body_case{"blank_before_an_extension", chunked, "5 ;a\r\nhello\r\n0\t;b\r\n\r\n", "hello", ""},
        body_case{"trailers", chunked, "5\r\nhello\r\n0\r\nDigest: x\r\nExpires: y\r\n\r\nGET /", "hello", "GET /"},
        body_case{"content_that_looks_like_framing", chunked, "7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", "\r\n0\r\n\r\n", ""}),
    [](const auto& one) { return std::string(one.param.name); });

struct bad_case {
  std::string_view name;
  std::string input;
};

class bad_chunks : public testing::TestWithParam<bad_case> {};

TEST_P(bad_chunks, are_ambiguous_wherever_they_were_cut) {
  const std::string_view all = GetParam().input;
  body_decoder body{chunked};
  auto at = all;
  errc fault = errc::internal;
  while (true) {
    const auto step = body.feed(at);
    if (!step) {
      fault = step.error().code;
      break;
    }
    ASSERT_TRUE(step->consumed > 0 && !body.done()) << "accepted";
    at.remove_prefix(step->consumed);
  }
  EXPECT_EQ(fault, errc::ambiguous_framing);
  for (std::size_t cut = 0; cut < all.size(); ++cut) {
    EXPECT_NE(read(chunked, {all.substr(0, cut), all.substr(cut)}).fault, "") << "cut at " << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(
    each, bad_chunks,
    testing::Values(bad_case{"bare_line_feed_after_the_size", "5\nhello\r\n0\r\n\r\n"},
                    bad_case{"bare_line_feed_after_the_content", "5\r\nhello\n0\r\n\r\n"},
                    bad_case{"bare_line_feed_after_the_last_chunk", "0\n\r\n"},
                    bad_case{"bare_line_feed_at_the_end", "0\r\n\n"},
                    bad_case{"bare_carriage_return_in_an_extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"},
                    bad_case{"no_size", "\r\nhello\r\n0\r\n\r\n"}, bad_case{"extension_alone", ";a\r\nhello\r\n"},
                    bad_case{"no_digit", "g\r\nhello\r\n"}, bad_case{"size_with_a_prefix", "0x5\r\nhello\r\n"},
                    bad_case{"size_with_a_sign", "+5\r\nhello\r\n"}, bad_case{"negative_size", "-5\r\nhello\r\n"},
                    bad_case{"size_after_a_blank", " 5\r\nhello\r\n"},
                    bad_case{"size_before_a_blank", "5 \r\nhello\r\n"},
                    bad_case{"size_in_two_words", "5 5\r\nhello\r\n"},
                    bad_case{"size_over_64_bits", "10000000000000000\r\nhello\r\n"},
                    bad_case{"greatest_size", "ffffffffffffffff\r\nhello\r\n"},
                    bad_case{"chunk_longer_than_it_says", "4\r\nhello\r\n0\r\n\r\n"},
                    bad_case{"chunk_longer_than_it_says_and_no_end", "4\r\nhello"},
                    bad_case{"chunk_shorter_than_it_says", "6\r\nhello\r\n0\r\n\r\n"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(chunk_lines, are_bounded_wherever_they_were_cut) {
  for (const std::size_t size : {4096uz, 4097uz, 70'000uz}) {
    const auto line = "1;" + std::string(size - 4, 'x') + "\r\n";
    const auto input = line + "a\r\n0\r\n\r\n";
    const std::string_view all = input;
    for (const std::size_t cut : {0uz, 1uz, 100uz, size - 1, size}) {
      const auto got = read(chunked, {all.substr(0, cut), all.substr(cut)});
      EXPECT_EQ(got.fault.empty(), size <= 4097) << size << " cut at " << cut << ": " << got.fault;
    }
  }
}

TEST(trailers, are_bounded) {
  std::string input = "0\r\n";
  for (int i = 0; i < 20; ++i) input += "X: " + std::string(1000, 'x') + "\r\n";
  EXPECT_NE(read_whole(chunked, input).fault, "");
}

TEST(a_body, ended_early_is_an_error) {
  body_decoder by_length{framed(framing::length, 5)};
  ASSERT_TRUE(by_length.feed("hell"));
  const auto fault = by_length.end_of_stream();
  ASSERT_FALSE(fault);
  EXPECT_EQ(fault.error().code, errc::closed);

  for (const auto* const input :
       {"", "5", "5\r\n", "5\r\nhel", "5\r\nhello", "5\r\nhello\r\n", "0\r\n", "0\r\nX: y\r\n"}) {
    body_decoder by_chunks{chunked};
    std::string_view rest = input;
    while (!rest.empty()) {
      const auto step = by_chunks.feed(rest);
      ASSERT_TRUE(step);
      if (step->consumed == 0) break;
      rest.remove_prefix(step->consumed);
    }
    EXPECT_FALSE(by_chunks.end_of_stream()) << input;
  }
}

TEST(a_body, that_lasts_until_the_end_takes_everything) {
  body_decoder body{framed(framing::until_close)};
  EXPECT_EQ(body.feed("one")->content, "one");
  EXPECT_FALSE(body.done());
  EXPECT_TRUE(body.end_of_stream());
  EXPECT_TRUE(body.done());
  EXPECT_EQ(body.feed("more")->consumed, 0u);
}

TEST(a_body, of_nothing_is_done_from_the_beginning) {
  EXPECT_TRUE(body_decoder{}.done());
  EXPECT_TRUE(body_decoder{framed(framing::none)}.done());
  EXPECT_TRUE(body_decoder{framed(framing::length, 0)}.done());
  EXPECT_FALSE(body_decoder{chunked}.done());
  EXPECT_FALSE(body_decoder{framed(framing::until_close)}.done());
}

TEST(chunk_line, is_read_back) {
  for (const std::size_t size : {1uz, 15uz, 16uz, 65'537uz}) {
    const std::string content(size, 'x');
    EXPECT_EQ(read_whole(chunked, chunk_line(size) + content + "\r\n0\r\n\r\n").content, content);
  }
}

}  // namespace
}  // namespace refrain::http
