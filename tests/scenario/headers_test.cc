#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "support/gateway.h"

namespace refrain::tests {
namespace {

using namespace std::chrono_literals;
using testing::MatchesRegex;

TEST(headers, cache_status_says_what_the_cache_did) {
  gateway at_work;
  auto client = at_work.client();
  const auto miss = client.post(chat_path, chat("hello"));
  const auto hit = client.post(chat_path, chat("hello"));
  const auto bypass = client.post(chat_path, chat("hello"), {{"Cache-Control", "no-store"}});
  EXPECT_THAT(miss.header("cache-status"),
              MatchesRegex(R"(refrain; fwd=uri-miss; fwd-status=200; stored; key="[0-9a-f]{64}")"));
  EXPECT_THAT(hit.header("cache-status"), MatchesRegex(R"(refrain; hit; ttl=1800; key="[0-9a-f]{64}")"));
  EXPECT_THAT(bypass.header("cache-status"),
              MatchesRegex(R"(refrain; fwd=bypass; fwd-status=200; key="[0-9a-f]{64}"; detail="no-store")"));
  for (const auto* one : {&miss, &hit, &bypass}) {
    EXPECT_EQ(one->header("cache-control"), "private, no-store");
    EXPECT_TRUE(one->header("cache-status").contains(one->header("x-refrain-key")));
    EXPECT_EQ(one->count("date"), 1U);
  }
}

TEST(headers, age_grows_and_the_time_left_shrinks) {
  gateway at_work;
  auto client = at_work.client();
  EXPECT_EQ(client.post(chat_path, chat("hello")).header("age"), "");
  EXPECT_EQ(client.post(chat_path, chat("hello")).header("age"), "0");
  at_work.clock().advance(90s);
  const auto later = client.post(chat_path, chat("hello"));
  EXPECT_EQ(later.header("age"), "90");
  EXPECT_TRUE(later.header("cache-status").contains("ttl=1710;")) << later.header("cache-status");
}

/// 0.15 and 0.60 dollars a million tokens of gpt-4o-mini.
TEST(headers, saved_money_is_the_price_of_the_call_that_was_not_made) {
  for (const auto form : {std::string_view{}, streamed}) {
    gateway at_work;
    auto client = at_work.client();
    EXPECT_EQ(client.post(chat_path, chat("hello", form)).header("x-refrain-saved-usd"), "");
    const auto hit = client.post(chat_path, chat("hello"));
    const auto usage = boost::json::parse(hit.body).at("usage");
    const double price = (0.15 * usage.at("prompt_tokens").to_number<double>() +
                          0.60 * usage.at("completion_tokens").to_number<double>()) /
                         1e6;
    ASSERT_THAT(hit.header("x-refrain-saved-usd"), MatchesRegex(R"(0\.[0-9]{6})"));
    EXPECT_NEAR(std::stod(hit.header("x-refrain-saved-usd")), price, 0.6e-6);
  }
}

TEST(headers, a_price_that_is_unknown_is_not_shown_as_nothing) {
  gateway at_work;
  auto client = at_work.client();
  const std::string body = R"({"model":"of-my-own","messages":[{"role":"user","content":"hi"}]})";
  client.post(chat_path, body);
  const auto hit = client.post(chat_path, body);
  EXPECT_EQ(hit.outcome(), "HIT");
  EXPECT_EQ(hit.count("x-refrain-saved-usd"), 0U);
}

TEST(headers, limits_are_for_the_client_whose_call_it_was_cookies_for_nobody_and_the_request_id_for_all) {
  gateway at_work;
  auto client = at_work.client();
  const auto miss = client.post(chat_path, chat("hello"));
  const auto hit = client.post(chat_path, chat("hello"));
  EXPECT_EQ(miss.count("set-cookie"), 0U) << "an SDK would show it with its next request";
  EXPECT_EQ(miss.count("x-ratelimit-remaining-requests"), 1U);
  EXPECT_EQ(hit.count("set-cookie"), 0U);
  EXPECT_EQ(hit.count("x-ratelimit-remaining-requests"), 0U);
  EXPECT_EQ(hit.header("x-request-id"), miss.header("x-request-id"));
  EXPECT_NE(hit.header("x-request-id"), "");
}

}  // namespace
}  // namespace refrain::tests
