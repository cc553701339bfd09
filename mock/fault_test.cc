#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <string>

#include "support/mock/client.h"
#include "support/mock/server.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;
using test::chat;
using test::client;
using test::plain;
using test::request;
using test::streamed;
using namespace std::chrono_literals;

class faults : public test::running_server {};

TEST_F(faults, answers_with_the_status_that_is_asked_for) {
  client one(port_);
  const auto limited = one.ask(request("POST", chat, plain, {{"x-mock-status", "429"}, {"x-mock-retry-after", "7"}}));
  EXPECT_EQ(limited.status, 429U);
  EXPECT_EQ(limited.field("Retry-After"), "7");
  EXPECT_EQ(json::parse(limited.body).at_pointer("/error/code"), "rate_limit_exceeded");
  const auto failed = one.ask(request("POST", chat, plain, {{"x-mock-status", "500"}}));
  EXPECT_EQ(failed.status, 500U);
  EXPECT_EQ(json::parse(failed.body).at_pointer("/error/type"), "server_error");
  EXPECT_TRUE(failed.field("Retry-After").empty());
  const auto empty = one.ask(request("POST", chat, plain, {{"x-mock-status", "204"}}));
  EXPECT_EQ(empty.status, 204U);
  EXPECT_EQ(one.ask(request("POST", chat, plain, {{"x-mock-nonsense", "1"}})).status, 400U);
}

TEST_F(faults, truncates_within_the_body) {
  for (const auto body : {plain, streamed}) {
    client one(port_);
    const auto got = one.ask(request("POST", chat, body, {{"x-mock-truncate", "100"}}));
    EXPECT_EQ(got.status, 200U);
    EXPECT_EQ(got.body.size(), 100U);
    EXPECT_EQ(got.fault, boost::beast::http::error::partial_message);
  }
}

TEST_F(faults, resets_where_it_is_asked_to) {
  for (const auto* where : {"before-head", "after-head", "mid-body"}) {
    client one(port_);
    const auto got = one.ask(request("POST", chat, plain, {{"x-mock-reset", where}}));
    EXPECT_EQ(got.fault, boost::asio::error::connection_reset) << where;
    EXPECT_LT(got.body.size(), 600U) << where;
  }
}

TEST_F(faults, falls_silent_after_so_many_events_and_notices_that_the_client_left) {
  {
    client one(port_);
    one.send(request("POST", chat, streamed, {{"x-mock-stall", "1"}}));
    EXPECT_NE(one.receive_until("\n\n").find(R"("role":"assistant")"), std::string::npos);
    EXPECT_TRUE(one.is_silent_for(50ms));
    EXPECT_EQ(running_->counters().in_flight, 1U);
  }
  EXPECT_TRUE(comes_true([](const tally& now) { return now.in_flight == 0 && now.abandoned == 1; }));
}

TEST_F(faults, a_plain_answer_stalls_after_its_head) {
  client one(port_);
  one.send(request("POST", chat, plain, {{"x-mock-stall", "9"}}));
  EXPECT_TRUE(one.receive_until("\r\n\r\n").ends_with("\r\n\r\n"));
  EXPECT_TRUE(one.is_silent_for(50ms));
}

TEST_F(faults, notices_that_the_client_left_while_it_waits) {
  for (const auto* pause : {"x-mock-latency-ms", "x-mock-gap-ms"}) {
    client one(port_);
    one.send(request("POST", chat, streamed, {{pause, "3600000"}}));
    EXPECT_TRUE(comes_true([](const tally& now) { return now.in_flight == 1; }));
    one.socket().close();
    EXPECT_TRUE(comes_true([](const tally& now) { return now.in_flight == 0; })) << pause;
  }
  EXPECT_EQ(running_->counters().abandoned, 2U);
}

TEST_F(faults, waits_as_long_as_it_is_asked_to) {
  client one(port_);
  const auto begin = std::chrono::steady_clock::now();
  const auto got =
      one.ask(request("GET", "/bytes/32768?chunked=1", {}, {{"x-mock-latency-ms", "20"}, {"x-mock-gap-ms", "15"}}));
  EXPECT_EQ(got.body.size(), 32768U);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 35ms);
}

TEST_F(faults, ends_the_body_with_the_connection_where_asked) {
  client one(port_);
  const auto got = one.ask(request("POST", chat, streamed, {{"x-mock-until-close", "1"}}));
  EXPECT_FALSE(got.fault);
  EXPECT_EQ(got.field("Connection"), "close");
  EXPECT_EQ(got.fields.count("Transfer-Encoding"), 0U);
  EXPECT_TRUE(got.body.ends_with("data: [DONE]\n\n"));
}

TEST_F(faults, fails_as_often_as_its_options_say) {
  start({.error_rate = 1, .error_status = 503});
  client one(port_);
  const auto got = one.ask(request("POST", chat, plain));
  EXPECT_EQ(got.status, 503U);
  EXPECT_EQ(got.field("Retry-After"), "1");
}

TEST_F(faults, every_truncation_by_chance_truncates) {
  start({.truncate_rate = 1});
  for (int round = 0; round < 20; ++round) {
    client one(port_);
    EXPECT_TRUE(one.ask(request("POST", chat, round % 2 == 0 ? plain : streamed)).fault);
  }
}

}  // namespace
}  // namespace refrain::mock
