#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "base/text.h"
#include "support/gateway.h"

namespace refrain::tests {
namespace {

using namespace std::chrono_literals;

enum class effect { refreshes, bypasses, expires_after_a_minute, subdivides, none };

struct alias_case {
  std::string name;
  std::string value;
  effect what;
};

const alias_case alias_cases[]{
    {"x-portkey-cache", "simple", effect::none},
    {"x-portkey-cache-force-refresh", "true", effect::refreshes},
    {"x-portkey-cache-namespace", "mine", effect::subdivides},
    {"cf-aig-cache-ttl", "60", effect::expires_after_a_minute},
    {"cf-aig-skip-cache", "true", effect::bypasses},
    {"cf-aig-cache-key", "mine", effect::subdivides},
    {"Helicone-Cache-Enabled", "false", effect::bypasses},
    {"Helicone-Cache-Seed", "mine", effect::subdivides},
    {"x-bf-cache-key", "mine", effect::subdivides},
    {"x-bf-cache-ttl", "1m", effect::expires_after_a_minute},
    {"x-bf-cache-no-store", "true", effect::bypasses},
    {"x-refrain-namespace", "mine", effect::subdivides},
    {"x-refrain-ttl", "60", effect::expires_after_a_minute},
    {"x-refrain-tags", "a,b", effect::none},
    {"x-refrain-level", "balanced", effect::none},
    {"x-refrain-semantic", "off", effect::none},
    {"x-refrain-threshold", "0.9", effect::none},
    {"Cache-Control", "no-cache", effect::refreshes},
    {"Pragma", "no-cache", effect::refreshes},
};

class directives_by_header : public testing::TestWithParam<alias_case> {};

TEST_P(directives_by_header, are_kept_and_do_not_reach_the_upstream) {
  const auto& [name, value, what] = GetParam();
  gateway at_work;
  auto client = at_work.client();
  const header_list directive{{name, value}};
  client.post(chat_path, chat("hello"), directive);
  EXPECT_FALSE(at_work.last_request().has(base::to_lower(name)));
  if (what == effect::expires_after_a_minute) at_work.clock().advance(60s);
  const auto again = client.post(chat_path, chat("hello"), directive);
  const auto without = client.post(chat_path, chat("hello"));
  switch (what) {
    case effect::refreshes: EXPECT_EQ(again.outcome(), "REFRESH"); break;
    case effect::bypasses: EXPECT_EQ(again.outcome(), "BYPASS"); break;
    case effect::expires_after_a_minute: EXPECT_EQ(again.outcome(), "MISS"); break;
    case effect::subdivides:
    case effect::none: EXPECT_EQ(again.outcome(), "HIT"); break;
  }
  const bool apart = what == effect::subdivides || what == effect::bypasses;
  EXPECT_EQ(without.outcome(), apart ? "MISS" : "HIT");
}

INSTANTIATE_TEST_SUITE_P(of_requests, directives_by_header, testing::ValuesIn(alias_cases), [](const auto& one) {
  auto name = one.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
});

struct member_case {
  std::string_view name;
  std::string_view member;
  std::string_view again;
};

class directives_by_body : public testing::TestWithParam<member_case> {};

TEST_P(directives_by_body, are_kept_and_do_not_reach_the_upstream) {
  gateway at_work;
  auto client = at_work.client();
  const auto body = chat("hello", R"(,"cache":{)" + std::string(GetParam().member) + R"(},"temperature":0)");
  client.post(chat_path, body);
  EXPECT_EQ(at_work.last_request().body, chat("hello", R"(,"temperature":0)"));
  at_work.clock().advance(60s);
  EXPECT_EQ(client.post(chat_path, body).outcome(), GetParam().again);
}

INSTANTIATE_TEST_SUITE_P(of_requests, directives_by_body,
                         testing::Values(member_case{"empty", "", "HIT"}, member_case{"ttl", R"("ttl":60)", "MISS"},
                                         member_case{"longer_ttl", R"("ttl":61)", "HIT"},
                                         member_case{"s_maxage", R"("s-maxage":59)", "MISS"},
                                         member_case{"no_cache", R"("no-cache":true)", "REFRESH"},
                                         member_case{"no_store", R"("no-store":true)", "BYPASS"},
                                         member_case{"name_space", R"("namespace":"mine")", "HIT"}),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace refrain::tests
