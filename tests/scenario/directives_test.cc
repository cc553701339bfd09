#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include "support/gateway.h"

namespace refrain::tests {
namespace {

using namespace std::chrono_literals;

/// What a request says to an entry of that age, whose TTL is 1,800 s, and what it gets.
struct directive_case {
  std::string_view name;
  std::chrono::seconds age;
  header_list headers;
  std::string_view outcome;
  std::string_view status;  ///< stands in Cache-Status
};

const header_list fetch_pair{{"Cache-Control", "no-cache"}, {"Pragma", "no-cache"}, {"sec-fetch-mode", "cors"}};

const directive_case directive_cases[]{
    {"nothing", 0s, {}, "HIT", "; hit;"},
    {"no_cache", 0s, {{"Cache-Control", "no-cache"}}, "REFRESH", "fwd=request"},
    {"no_store", 0s, {{"Cache-Control", "no-store"}}, "BYPASS", "fwd=bypass"},
    {"pragma_alone", 0s, {{"Pragma", "no-cache"}}, "REFRESH", "fwd=request"},
    {"pragma_beside_another_wish", 0s, {{"Pragma", "no-cache"}, {"Cache-Control", "max-age=60"}}, "HIT", "; hit;"},
    {"fetch_pair", 0s, fetch_pair, "HIT", "detail=\"fetch-no-store-ignored\""},
    {"pair_without_fetch", 0s, {{"Cache-Control", "no-cache"}, {"Pragma", "no-cache"}}, "REFRESH", "fwd=request"},
    {"max_age_of_fetch",
     1s,
     {{"Cache-Control", "max-age=0"}, {"sec-fetch-mode", "cors"}},
     "MISS",
     "detail=\"too-old\""},
    {"within_max_age", 60s, {{"Cache-Control", "max-age=60"}}, "HIT", "; hit;"},
    {"past_max_age", 61s, {{"Cache-Control", "max-age=60"}}, "MISS", "fwd=request"},
    {"min_fresh", 1700s, {{"Cache-Control", "min-fresh=100"}}, "HIT", "; hit;"},
    {"too_little_left", 1701s, {{"Cache-Control", "min-fresh=100"}}, "MISS", "detail=\"too-short\""},
    {"expired", 1800s, {}, "MISS", "fwd=stale"},
    {"max_stale", 1900s, {{"Cache-Control", "max-stale=100"}}, "STALE", "ttl=-100"},
    {"max_stale_of_any_age", 2000s, {{"Cache-Control", "max-stale"}}, "STALE", "ttl=-200"},
    {"past_max_stale", 1901s, {{"Cache-Control", "max-stale=100"}}, "MISS", "fwd=stale"},
    {"past_what_is_kept", 2101s, {{"Cache-Control", "max-stale"}}, "MISS", "fwd=uri-miss"},
    {"several", 61s, {{"Cache-Control", "max-age=60"}, {"Cache-Control", "min-fresh=1"}}, "MISS", "fwd=request"},
    {"unknown_ones", 0s, {{"Cache-Control", "x-new=1, max-age=nonsense"}}, "HIT", "; hit;"},
    {"only_if_cached", 0s, {{"Cache-Control", "only-if-cached"}}, "HIT", "; hit;"},
};

class directives : public testing::TestWithParam<directive_case> {};

TEST_P(directives, are_kept) {
  const auto& how = GetParam();
  gateway at_work;
  auto client = at_work.client();
  ASSERT_EQ(client.post(chat_path, chat("hello")).outcome(), "MISS");
  at_work.clock().advance(how.age);
  const auto got = client.post(chat_path, chat("hello"), how.headers);
  EXPECT_EQ(got.outcome(), how.outcome);
  EXPECT_TRUE(got.header("cache-status").contains(how.status)) << got.header("cache-status");
  EXPECT_EQ(at_work.calls(), how.outcome == "HIT" || how.outcome == "STALE" ? 1U : 2U);
}

INSTANTIATE_TEST_SUITE_P(of_requests, directives, testing::ValuesIn(directive_cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(directives_of_a_request, a_refreshed_answer_replaces_the_old_one) {
  gateway at_work;
  auto client = at_work.client();
  client.post(chat_path, chat("hello"));
  const auto fresh = client.post(chat_path, chat("hello"), {{"Cache-Control", "no-cache"}});
  const auto after = client.post(chat_path, chat("hello"));
  EXPECT_EQ(after.outcome(), "HIT");
  EXPECT_EQ(after.body, fresh.body);
}

TEST(directives_of_a_request, the_fetch_pair_is_honoured_where_the_operator_says_so) {
  gateway at_work{{.configure = [](auto& to) { to.cache.honour_fetch_no_cache = true; }}};
  auto client = at_work.client();
  const auto got = client.post(chat_path, chat("hello"), fetch_pair);
  EXPECT_EQ(got.outcome(), "BYPASS");
  EXPECT_TRUE(got.header("cache-status").contains("fetch-no-store"));
}

TEST(directives_of_a_request, only_if_cached_refuses_a_miss_and_tells_sdks_not_to_ask_again) {
  gateway at_work;
  const auto got = at_work.client().post(chat_path, chat("hello"), {{"Cache-Control", "only-if-cached"}});
  EXPECT_EQ(got.status, 504);
  EXPECT_EQ(got.count("x-should-retry"), 1U);
  EXPECT_EQ(got.header("x-should-retry"), "false");
  EXPECT_TRUE(got.body.contains(R"("code":"only_if_cached")")) << got.body;
  EXPECT_EQ(got.outcome(), "MISS");
  EXPECT_EQ(got.header("x-refrain-key").size(), 64U);
  EXPECT_TRUE(got.header("cache-status").contains("only_if_cached")) << got.header("cache-status");
  EXPECT_EQ(at_work.calls(), 0);
}

TEST(directives_of_a_request, a_ttl_is_kept_below_the_ceiling) {
  gateway at_work{{.configure = [](auto& to) { to.cache.ttl_ceiling = 7200s; }}};
  auto client = at_work.client();
  client.post(chat_path, chat("short"), {{"x-refrain-ttl", "60"}});
  client.post(chat_path, chat("long"), {{"x-refrain-ttl", "999999999999"}});
  at_work.clock().advance(60s);
  EXPECT_EQ(client.post(chat_path, chat("short")).outcome(), "MISS");
  EXPECT_TRUE(client.post(chat_path, chat("long")).header("cache-status").contains("ttl=7140"));
  at_work.clock().advance(7140s);
  EXPECT_EQ(client.post(chat_path, chat("long")).outcome(), "MISS");
}

TEST(directives_of_a_request, a_level_sets_the_ttl_and_is_no_part_of_the_key) {
  gateway at_work;
  auto client = at_work.client();
  client.post(chat_path, chat("hello"), {{"x-refrain-level", "speed"}});
  const auto hit = client.post(chat_path, chat("hello"), {{"x-refrain-level", "quality"}});
  EXPECT_EQ(hit.outcome(), "HIT");
  EXPECT_TRUE(hit.header("cache-status").contains("ttl=600;")) << hit.header("cache-status");
}

class bad_directives : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(bad_directives, are_refused_with_the_name_of_the_header) {
  gateway at_work;
  const auto got = at_work.client().post(chat_path, chat("hello"), {GetParam()});
  EXPECT_EQ(got.status, 400);
  EXPECT_TRUE(got.body.starts_with(R"({"error":{"message":")" + GetParam().first)) << got.body;
  EXPECT_TRUE(got.body.contains(R"("type":"invalid_request_error","param":null,"code":"bad_directive")")) << got.body;
  EXPECT_EQ(got.header("x-should-retry"), "false");
  EXPECT_EQ(at_work.calls(), 0);
}

INSTANTIATE_TEST_SUITE_P(of_requests, bad_directives,
                         testing::Values(std::pair{"x-refrain-ttl", "soon"}, std::pair{"x-refrain-ttl", "-1"},
                                         std::pair{"x-refrain-level", "best"}, std::pair{"x-refrain-threshold", "2"},
                                         std::pair{"x-refrain-semantic", "yes"},
                                         std::pair{"x-refrain-namespace", "two words"}));

}  // namespace
}  // namespace refrain::tests
