#include "base/log.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>

namespace refrain::base {
namespace {

using namespace std::string_literals;

class logs : public testing::Test {
 protected:
  ~logs() override { set_log(severity::info, log_format::text); }

  /// What goes to standard error.
  template <class F>
  static std::string written_by(F what) {
    testing::internal::CaptureStderr();
    what();
    return testing::internal::GetCapturedStderr();
  }
};

TEST_F(logs, are_lines_for_people) {
  set_log(severity::info, log_format::text);
  const auto line = written_by([] { log_warning("{} of {}", 1, "two"); });
  EXPECT_TRUE(line.contains("warning")) << line;
  EXPECT_TRUE(line.ends_with("1 of two\n")) << line;
}

TEST_F(logs, hold_nothing_that_a_terminal_would_obey) {
  set_log(severity::info, log_format::text);
  const auto text = written_by([] { log_info("a\x1b[31m\xC2\x9B\n\x7f\xC3\xA9"); });
  EXPECT_TRUE(text.ends_with("a\\u001b[31m\\u009b\\u000a\\u007f\xC3\xA9\n")) << text;
  const auto bytes = written_by([] { log_info("b\x9B\xFF"); });
  EXPECT_TRUE(bytes.ends_with("b\\u009b\\u00ff\n")) << bytes;
}

TEST_F(logs, hold_members_in_the_object_or_behind_the_text) {
  const std::string_view query = "a \"b\"\n\xFF";
  const log_member members[]{{"status", 200},     {"outcome", "HIT"}, {"tenant", "no key"},
                             {"saved", 0.000123}, {"query", query},   {"empty", ""}};
  const auto write = [&] { write_log(severity::info, "POST /chat", members); };
  set_log(severity::info, log_format::text);
  const auto text = written_by(write);
  EXPECT_TRUE(
      text.ends_with(" POST /chat status=200 outcome=HIT tenant=\"no key\" saved=0.000123 "
                     "query=\"a \\\"b\\\"\\u000a\\u00ff\" empty=\"\"\n"))
      << text;
  set_log(severity::info, log_format::json);
  const auto line = written_by(write);
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  ASSERT_EQ(parser.parse(line).get(object), simdjson::SUCCESS) << line;
  EXPECT_EQ(std::string_view{object["message"]}, "POST /chat");
  EXPECT_EQ(std::int64_t{object["status"]}, 200);
  EXPECT_EQ(std::string_view{object["tenant"]}, "no key");
  EXPECT_EQ(double{object["saved"]}, 0.000123);
  EXPECT_FALSE(written_by([] { log_info("next"); }).contains("status")) << "they are one line's alone";
}

TEST_F(logs, begin_at_their_level) {
  set_log(severity::warning, log_format::text);
  EXPECT_EQ(written_by([] { log_info("quiet"); }), "");
  EXPECT_NE(written_by([] { log_error("loud"); }), "");
  EXPECT_FALSE(log_enabled(severity::info));
  EXPECT_TRUE(log_enabled(severity::warning));
}

/// One line, one object, and the message as it was, whatever it quotes.
TEST_F(logs, are_json_whatever_they_quote) {
  set_log(severity::debug, log_format::json);
  std::string controls;
  for (char c = 0; c < 0x20; ++c) controls.push_back(c);
  for (const auto& message :
       {"plain"s, R"(a "quoted" \ path)"s, "two\nlines\r\n"s, controls, "\x7f"s, "äöü €"s, "{} %v %* {"s}) {
    const auto line = written_by([&] { write_log(severity::error, message); });
    ASSERT_EQ(line.find('\n'), line.size() - 1) << line;
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    ASSERT_EQ(parser.parse(line).get(object), simdjson::SUCCESS) << line;
    std::string_view read;
    ASSERT_EQ(object["message"].get(read), simdjson::SUCCESS) << line;
    EXPECT_EQ(read, message);
    ASSERT_EQ(object["level"].get(read), simdjson::SUCCESS);
    EXPECT_EQ(read, "error");
    ASSERT_EQ(object["time"].get(read), simdjson::SUCCESS);
    EXPECT_TRUE(read.size() == 24 && read[10] == 'T' && read.ends_with('Z')) << read;
  }
}

TEST_F(logs, are_json_though_they_quote_what_is_no_text) {
  set_log(severity::debug, log_format::json);
  for (const auto* const message : {"/path\xff\xfe", "\xC3", "ok \xE2\x82 cut", "\xED\xA0\x80", "\xC0\xAF"}) {
    const auto line = written_by([&] { write_log(severity::error, message); });
    simdjson::dom::parser parser;
    simdjson::dom::element object;
    EXPECT_EQ(parser.parse(line).get(object), simdjson::SUCCESS) << line;
  }
}

}  // namespace
}  // namespace refrain::base
