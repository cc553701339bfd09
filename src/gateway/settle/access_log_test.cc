#include "gateway/settle/access_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>

#include "base/log.h"

namespace refrain::gateway {
namespace {

using namespace std::chrono_literals;

class access_log : public testing::Test {
 protected:
  access_log() {
    request_->query = "What is love?";
    request_->group = "rachel";
    asked_.parsed = request_;
    asked_.key = base::sha256("key");
    base::set_log(base::severity::info, base::log_format::text);
  }

  void show_queries() {
    auto open = std::make_shared<site>();
    open->settings.log.queries = true;
    asked_.at = open;
  }
  /// What the log says of `hits` hits at once. How many lines there were is remembered by thread: each call has its
  /// own.
  std::string log_of(int hits, std::string_view similar_to = {}) {
    testing::internal::CaptureStderr();
    std::thread{[&] {
      for (int i = 0; i < hits; ++i) log_hit(asked_, similar_to);
    }}.join();
    return testing::internal::GetCapturedStderr();
  }
  template <class F>
  static std::string written(F what) {
    testing::internal::CaptureStderr();
    what();
    return testing::internal::GetCapturedStderr();
  }
  static std::ptrdiff_t lines_in(const std::string& text) { return std::ranges::count(text, '\n'); }

  provider::endpoint_row row_ = provider::endpoints().front();
  std::shared_ptr<entry::parsed_request> request_ = std::make_shared<entry::parsed_request>();
  ask asked_{
      .at = std::make_shared<site>(), .where = {.endpoint = &row_, .path = "/chat"}, .began = base::steady_time{100h}};
};

TEST_F(access_log, of_hits_show_the_digest_alone) {
  const auto line = log_of(1);
  EXPECT_TRUE(line.ends_with("LLM cache hit for query: " + asked_.key.hex().substr(0, 12) + "\n")) << line;
  EXPECT_FALSE(line.contains("love")) << line;
}

TEST_F(access_log, of_hits_show_the_text_where_that_is_allowed) {
  show_queries();
  EXPECT_TRUE(log_of(1).ends_with("LLM cache hit for query: What is love?\n"));
  request_->query = "two\nlines, and " + std::string(100, 'x');
  const auto line = log_of(1);
  EXPECT_EQ(lines_in(line), 1) << line;
  EXPECT_TRUE(line.ends_with("x…\n")) << line;
}

TEST_F(access_log, of_semantic_hits_name_the_other_question) {
  EXPECT_TRUE(log_of(1, "What is hate?").ends_with(" (similar to: another)\n"));
  show_queries();
  EXPECT_TRUE(
      log_of(1, "What is hate?").ends_with("LLM cache hit for query: What is love? (similar to: What is hate?)\n"));
}

TEST_F(access_log, of_speech_name_the_voice) {
  const provider::endpoint_row speech{row_.family, row_.name, row_.path, entry::cache_type::tts, row_.wire};
  asked_.where.endpoint = &speech;
  EXPECT_TRUE(log_of(1).ends_with("TTS cache hit for voice: rachel\n"));
  request_->group = "elevenlabs:my%20voice%3A1";
  EXPECT_TRUE(log_of(1).ends_with("TTS cache hit for voice: my voice:1\n"));
}

TEST_F(access_log, of_hits_are_ten_in_a_second_at_most) {
  EXPECT_EQ(lines_in(log_of(1000)), 10);
  testing::internal::CaptureStderr();
  std::thread{[&] {
    for (int i = 0; i < 1000; ++i) log_hit(asked_);
    asked_.began += 999ms;
    log_hit(asked_);
    asked_.began += 1ms;
    log_hit(asked_);
  }}.join();
  EXPECT_EQ(lines_in(testing::internal::GetCapturedStderr()), 11);
}

TEST_F(access_log, of_hits_are_not_what_below_their_level) {
  base::set_log(base::severity::warning, base::log_format::text);
  EXPECT_EQ(log_of(1), "");
  base::set_log(base::severity::info, base::log_format::text);
}

TEST_F(access_log, has_one_line_a_request) {
  const upstream to{.name = "openai"};
  const http::request_head head{.method = "POST"};
  asked_.where.to = &to;
  asked_.head = &head;
  asked_.tenant.label = "no key";
  request_->model = "gpt-4o";
  const request_end end{
      .outcome = entry::outcome::hit, .saved = entry::micro_usd{1500}, .status = 200, .bytes = 7, .took = 1'234'567ns};
  const auto line = written([&] { log_access(asked_, end); });
  EXPECT_TRUE(
      line.ends_with("POST /chat method=POST path=/chat status=200 outcome=HIT bytes=7 microseconds=1234 "
                     "upstream=openai model=gpt-4o tenant=\"no key\" saved=0.0015\n"))
      << line;
  base::set_log(base::severity::info, base::log_format::json);
  const auto object = written([&] { log_access(asked_, end); });
  EXPECT_TRUE(object.contains(R"("message":"POST /chat","method":"POST","path":"/chat","status":200,"outcome":"HIT",)"
                              R"("bytes":7,"microseconds":1234,"upstream":"openai","model":"gpt-4o",)"
                              R"("tenant":"no key","saved":0.0015})"))
      << object;
  base::set_log(base::severity::info, base::log_format::text);
}

TEST_F(access_log, of_a_request_that_found_no_upstream_says_what_is_known) {
  const http::request_head head{.method = "GET"};
  const ask lost{.at = asked_.at, .where = {.path = "/nowhere"}, .head = &head};
  const auto line = written([&] { log_access(lost, {.refused = base::errc::not_found, .status = 404}); });
  EXPECT_TRUE(line.ends_with(" status=404 outcome=BYPASS bytes=0 microseconds=0 refused=not_found\n")) << line;
}

}  // namespace
}  // namespace refrain::gateway
