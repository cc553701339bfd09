#include "support/resp_frames.h"

#include <gtest/gtest.h>

#include <vector>

namespace refrain::tests {
namespace {

/// One value each: RESP2, RESP3, nested, with line ends in strings, nulls, an attribute, a push.
const std::vector<std::string> values{"+OK\r\n",
                                      "-ERR no\r\n",
                                      ":12\r\n",
                                      "$5\r\na\r\nbc\r\n",
                                      "$0\r\n\r\n",
                                      "$-1\r\n",
                                      "*-1\r\n",
                                      "*0\r\n",
                                      "*2\r\n$1\r\na\r\n*1\r\n:1\r\n",
                                      "%2\r\n+k\r\n:1\r\n+l\r\n%1\r\n+m\r\n_\r\n",
                                      "~1\r\n#t\r\n",
                                      ",1.5\r\n",
                                      "(123456789012345678901234567890\r\n",
                                      "=7\r\ntxt:a\r\n\r\n",
                                      "!5\r\nERR x\r\n",
                                      ">2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n",
                                      "|1\r\n+ttl\r\n:1\r\n*1\r\n+v\r\n"};

std::vector<std::string> frames_of(std::string_view bytes, std::size_t piece) {
  resp_frames all;
  std::vector<std::string> found;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    all.feed(bytes.substr(at, piece));
    while (auto one = all.next()) found.push_back(*std::move(one));
  }
  return found;
}

TEST(resp_frames, are_the_same_however_the_bytes_come) {
  std::string wire;
  for (const auto& one : values) wire += one;
  for (const std::size_t piece : {1u, 2u, 3u, 7u, 64u, 100'000u}) EXPECT_EQ(frames_of(wire, piece), values) << piece;
}

TEST(resp_frames, wait_for_the_last_byte) {
  for (const auto& one : values) {
    EXPECT_TRUE(frames_of(std::string_view{one}.substr(0, one.size() - 1), 1).empty()) << one;
  }
}

TEST(resp_frames, of_commands_tell_their_names) {
  EXPECT_EQ(command_name("*2\r\n$3\r\nget\r\n$1\r\nk\r\n"), "GET");
  EXPECT_EQ(command_name("*1\r\n$4\r\nEXEC\r\n"), "EXEC");
  EXPECT_EQ(command_name("+OK\r\n"), "");
  EXPECT_EQ(command_name("*0\r\n"), "");
}

}  // namespace
}  // namespace refrain::tests
