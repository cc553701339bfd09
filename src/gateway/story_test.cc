#include "gateway/story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <thread>

#include "net/connection_transport.h"

namespace refrain::gateway {
namespace {

using namespace std::chrono_literals;

class stories : public testing::Test {
 protected:
  stories() {
    head_.method = "POST";
    known_->query = "What is love?";
    known_->group = "rachel";
    told_.known = known_;
    told_.id.digest = base::sha256("key");
    base::set_log(base::severity::info, base::log_format::text);
  }

  void show_queries() {
    auto open = std::make_shared<site>();
    open->settings.log.queries = true;
    told_.at = open;
  }
  /// What the log says of `hits` hits at once. How many were told is remembered by thread: each call has its own.
  std::string log_of(int hits) {
    testing::internal::CaptureStderr();
    std::thread{[&] {
      for (int i = 0; i < hits; ++i) tell_hit(told_);
    }}.join();
    return testing::internal::GetCapturedStderr();
  }
  static std::ptrdiff_t lines_in(const std::string& text) { return std::ranges::count(text, '\n'); }

  net::loop loop_;
  net::connection peer_{loop_,
                        std::make_unique<net::connection::transport>(boost::asio::ip::tcp::socket{loop_.context()})};
  http::session_limits limits_;
  http::request_head head_;
  http::input arrived_;
  http::exchange with_{peer_, limits_, head_, arrived_, true};
  provider::endpoint_row row_ = provider::endpoints().front();
  std::shared_ptr<entry::parsed_request> known_ = std::make_shared<entry::parsed_request>();
  transaction told_{with_, std::make_shared<site>(), {.endpoint = &row_, .path = "/chat"}, base::steady_time{100h}};
};

TEST_F(stories, of_hits_show_the_digest_alone) {
  const auto line = log_of(1);
  EXPECT_TRUE(line.ends_with("LLM cache hit for query: " + told_.id.digest.hex().substr(0, 12) + "\n")) << line;
  EXPECT_FALSE(line.contains("love")) << line;
}

TEST_F(stories, of_hits_show_the_text_where_that_is_allowed) {
  show_queries();
  EXPECT_TRUE(log_of(1).ends_with("LLM cache hit for query: What is love?\n"));
  known_->query = "two\nlines, and " + std::string(100, 'x');
  const auto line = log_of(1);
  EXPECT_EQ(lines_in(line), 1) << line;
  EXPECT_TRUE(line.ends_with("x…\n")) << line;
}

TEST_F(stories, of_speech_name_the_voice) {
  const provider::endpoint_row speech{row_.family, row_.name, row_.path, entry::cache_type::tts, row_.wire};
  told_.where.endpoint = &speech;
  show_queries();
  EXPECT_TRUE(log_of(1).ends_with("TTS cache hit for voice: rachel\n"));
}

TEST_F(stories, of_hits_are_ten_in_a_second_at_most) {
  EXPECT_EQ(lines_in(log_of(1000)), 10);
  testing::internal::CaptureStderr();
  std::thread{[&] {
    for (int i = 0; i < 1000; ++i) tell_hit(told_);
    told_.began += 999ms;
    tell_hit(told_);
    told_.began += 1ms;
    tell_hit(told_);
  }}.join();
  EXPECT_EQ(lines_in(testing::internal::GetCapturedStderr()), 11);
}

TEST_F(stories, of_hits_are_not_told_below_their_level) {
  base::set_log(base::severity::warning, base::log_format::text);
  EXPECT_EQ(log_of(1), "");
  base::set_log(base::severity::info, base::log_format::text);
}

TEST_F(stories, of_access_are_one_line) {
  told_.result = entry::outcome::hit;
  testing::internal::CaptureStderr();
  tell_access(told_, 1'234'567ns);
  const auto line = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(line.ends_with("POST /chat 0 HIT 0 bytes 1234 us\n")) << line;
}

}  // namespace
}  // namespace refrain::gateway
