#include "redis/resp.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace refrain::redis {

void PrintTo(const reply& one, std::ostream* out) {
  *out << static_cast<int>(one.kind) << ':' << one.integer << ':' << one.text.substr(0, 40) << '[';
  for (const auto& item : one.items) PrintTo(item, out);
  *out << ']';
}

namespace {

/// All replies in `bytes`, which come `step` at a time.
std::vector<reply> read_all(std::string_view bytes, std::size_t step) {
  resp_reader reader;
  std::vector<reply> all;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    reader.feed(bytes.substr(at, step));
    for (auto one = reader.next(); one && *one; one = reader.next()) all.push_back(**std::move(one));
  }
  EXPECT_FALSE(reader.is_inside());
  return all;
}

reply bytes(std::string text) { return {.kind = reply_kind::bytes, .text = std::move(text)}; }
reply integer(std::int64_t value) { return {.kind = reply_kind::integer, .integer = value}; }

struct spelling {
  std::string_view wire;
  reply value;
};

const std::vector<spelling>& spellings() {
  static const std::vector<spelling> all{
      {"+OK\r\n", {.kind = reply_kind::status, .text = "OK"}},
      {"+\r\n", {.kind = reply_kind::status}},
      {"-NOAUTH Authentication required.\r\n", {.kind = reply_kind::error, .text = "NOAUTH Authentication required."}},
      {":-7\r\n", integer(-7)},
      {":+7\r\n", integer(7)},
      {"$5\r\nhel\r\n\r\n", bytes("hel\r\n")},
      {"$0\r\n\r\n", bytes("")},
      {"$-1\r\n", {}},
      {"*-1\r\n", {}},
      {"_\r\n", {}},
      {"#t\r\n", {.kind = reply_kind::boolean, .integer = 1}},
      {"#f\r\n", {.kind = reply_kind::boolean}},
      {",3.25\r\n", {.kind = reply_kind::number, .text = "3.25"}},
      {"(3492890328409238509324850943850943825024385\r\n",
       {.kind = reply_kind::number, .text = "3492890328409238509324850943850943825024385"}},
      {"!8\r\nERR a\r\nb\r\n", {.kind = reply_kind::error, .text = "ERR a\r\nb"}},
      {"=8\r\ntxt:some\r\n", bytes("some")},
      {"*0\r\n", {.kind = reply_kind::array}},
      {"*3\r\n:1\r\n*2\r\n$1\r\na\r\n_\r\n+x\r\n",
       {.kind = reply_kind::array,
        .items = {integer(1),
                  {.kind = reply_kind::array, .items = {bytes("a"), {}}},
                  {.kind = reply_kind::status, .text = "x"}}}},
      {"~1\r\n:1\r\n", {.kind = reply_kind::set, .items = {integer(1)}}},
      {"%1\r\n+k\r\n%0\r\n",
       {.kind = reply_kind::map, .items = {{.kind = reply_kind::status, .text = "k"}, {.kind = reply_kind::map}}}},
      {">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n",
       {.kind = reply_kind::push, .items = {bytes("invalidate"), {.kind = reply_kind::array, .items = {bytes("k")}}}}},
      // Attributes say something about the value that follows, or stand inside an aggregate.
      {"|1\r\n+ttl\r\n:3\r\n:1\r\n", integer(1)},
      {"*2\r\n|1\r\n+ttl\r\n:3\r\n:1\r\n:2\r\n", {.kind = reply_kind::array, .items = {integer(1), integer(2)}}},
      {"|0\r\n:1\r\n", integer(1)},
  };
  return all;
}

TEST(resp, reads_each_kind_however_it_is_cut) {
  for (const auto& [wire, value] : spellings()) {
    for (std::size_t step = 1; step <= wire.size(); ++step) {
      EXPECT_EQ(read_all(wire, step), std::vector{value}) << wire << " by " << step;
    }
  }
}

TEST(resp, reads_one_after_the_other) {
  std::string wire;
  std::vector<reply> wanted;
  for (int round = 0; round < 50; ++round) {
    for (const auto& one : spellings()) {
      wire += one.wire;
      wanted.push_back(one.value);
    }
  }
  for (const std::size_t step : {1u, 7u, 64u, 4096u, 1u << 20}) EXPECT_EQ(read_all(wire, step), wanted) << step;
}

TEST(resp, a_large_string_comes_whole) {
  const std::string body(3 << 20, 'x');
  const auto wire = "$" + std::to_string(body.size()) + "\r\n" + body + "\r\n:1\r\n";
  EXPECT_EQ(read_all(wire, 65536), (std::vector{bytes(body), integer(1)}));
}

TEST(resp, refuses_what_no_server_sends) {
  for (const std::string_view wire :
       {"x\r\n", "\r\n", ":\r\n", ":1a\r\n", ":99999999999999999999\r\n", "$\r\n", "$-2\r\n", "$3\r\nabcd\r\n",
        "$99999999999\r\n", "$?\r\n", "*?\r\n", "*-2\r\n", "*9999999999\r\n", "#x\r\n", "_x\r\n", "*1\r\n>1\r\n:1\r\n",
        "!-1\r\n", "=-1\r\n", "~-1\r\n"}) {
    resp_reader reader;
    reader.feed(wire);
    const auto first = reader.next();
    ASSERT_FALSE(first.has_value()) << wire;
    EXPECT_EQ(first.error().code, base::errc::upstream_protocol);
    // Nobody knows any more where a reply begins.
    reader.feed("+OK\r\n");
    EXPECT_FALSE(reader.next().has_value()) << wire;
  }
}

TEST(resp, refuses_what_is_too_much) {
  std::string nested;
  for (int depth = 0; depth < 17; ++depth) nested += "*1\r\n";
  const std::string endless(70'000, '+');
  for (const auto& wire : {nested, endless}) {
    resp_reader reader;
    reader.feed(wire);
    EXPECT_FALSE(reader.next().has_value());
  }
}

TEST(resp, knows_whether_it_is_inside_a_reply) {
  resp_reader reader;
  EXPECT_FALSE(reader.is_inside());
  for (const std::string_view part : {"*1\r\n", "$3\r\n", "ab", "c"}) {
    reader.feed(part);
    EXPECT_FALSE((*reader.next()).has_value());
    EXPECT_TRUE(reader.is_inside()) << part;
  }
  reader.feed("\r\n");
  EXPECT_TRUE((*reader.next()).has_value());
  EXPECT_FALSE(reader.is_inside());
}

TEST(resp, names_the_class_of_an_error) {
  EXPECT_EQ((reply{.kind = reply_kind::error, .text = "MOVED 3999 127.0.0.1:6381"}).error_class(), "MOVED");
  EXPECT_EQ((reply{.kind = reply_kind::error, .text = "OOM"}).error_class(), "OOM");
  EXPECT_EQ((reply{.kind = reply_kind::status, .text = "OK then"}).error_class(), "");
}

}  // namespace
}  // namespace refrain::redis
