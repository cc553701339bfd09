#include "cache/status.h"

#include <gtest/gtest.h>

#include <string>

namespace refrain::cache {
namespace {

using namespace std::chrono_literals;

struct rule {
  std::string_view name;
  cache_status what;
  std::string_view text;
};

class cache_status_rules : public testing::TestWithParam<rule> {};

TEST_P(cache_status_rules, hold) {
  std::string out = "before, ";
  append_cache_status(out, GetParam().what);
  EXPECT_EQ(out, "before, " + std::string(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    each, cache_status_rules,
    testing::Values(
        rule{"hit", {.ttl = 1790s, .key = "ab12"}, R"(refrain; hit; ttl=1790; key="ab12")"},
        rule{"stale_hit", {.ttl = -5s, .detail = "stale-allowed"}, R"(refrain; hit; ttl=-5; detail="stale-allowed")"},
        rule{"miss",
             {.fwd = forward::uri_miss, .fwd_status = 200, .stored = true, .key = "ab12"},
             R"(refrain; fwd=uri-miss; fwd-status=200; stored; key="ab12")"},
        rule{"coalesced", {.fwd = forward::uri_miss, .collapsed = true}, "refrain; fwd=uri-miss; collapsed"},
        rule{"bypass", {.fwd = forward::bypass, .detail = "no-store"}, R"(refrain; fwd=bypass; detail="no-store")"},
        rule{"refresh", {.fwd = forward::request, .fwd_status = 429}, "refrain; fwd=request; fwd-status=429"},
        rule{"form_that_does_not_serve", {.fwd = forward::vary_miss}, "refrain; fwd=vary-miss"},
        rule{"quotes_are_escaped", {.detail = R"(say "a\b")"}, R"(refrain; hit; detail="say \"a\\b\"")"},
        rule{"what_a_string_cannot_hold", {.detail = "a\r\nb\xc3\xa9\x7f"}, R"(refrain; hit; detail="a??b???")"},
        rule{"integers_stay_in_range", {.ttl = std::chrono::seconds::max()}, "refrain; hit; ttl=999999999999999"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(forward_reason, follows_the_plan_and_what_was_found) {
  const plan usual{.look_up = true, .store = true};
  const plan refresh{.store = true, .asked = entry::outcome::refresh};
  const plan bypass{.asked = entry::outcome::bypass};
  EXPECT_EQ(forward_reason(bypass, std::nullopt), forward::bypass);
  EXPECT_EQ(forward_reason(refresh, std::nullopt), forward::request);
  EXPECT_EQ(forward_reason(usual, std::nullopt), forward::uri_miss);
  EXPECT_EQ(forward_reason(usual, freshness::expired), forward::stale);
  EXPECT_EQ(forward_reason(usual, freshness::from_future), forward::stale);
  EXPECT_EQ(forward_reason(usual, freshness::too_old), forward::request);
  EXPECT_EQ(forward_reason(usual, freshness::too_short), forward::request);
  EXPECT_EQ(forward_reason(usual, freshness::fresh), forward::vary_miss);
}

TEST(cache_status, takes_no_memory_beyond_its_string) {
  std::string out;
  out.reserve(256);
  const auto* const place = out.data();
  append_cache_status(out, {.fwd = forward::uri_miss, .fwd_status = 200, .key = std::string_view("ab12")});
  EXPECT_EQ(out.data(), place);
}

}  // namespace
}  // namespace refrain::cache
