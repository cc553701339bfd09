#include "cache/directives.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refrain::cache {
namespace {

using namespace std::chrono_literals;
using fields = std::vector<http::field>;

constexpr auto any_staleness = std::chrono::seconds::max();

directives read(const fields& headers, bool honour_fetch = false) {
  auto asked = read_directives(headers, {}, honour_fetch);
  EXPECT_TRUE(asked) << asked.error().to_string();
  return asked.value_or(directives{});
}

struct rule {
  std::string_view name;
  fields headers;
  directives asked;
};

class directive_rules : public testing::TestWithParam<rule> {};

TEST_P(directive_rules, hold) { EXPECT_EQ(read(GetParam().headers), GetParam().asked); }

std::string name_of(const testing::TestParamInfo<rule>& one) { return std::string(one.param.name); }

INSTANTIATE_TEST_SUITE_P(
    cache_control, directive_rules,
    testing::Values(
        rule{"nothing_asks_nothing", {{"accept", "*/*"}}, {}},
        rule{"no_cache", {{"Cache-Control", "no-cache"}}, {.no_cache = true}},
        rule{"no_store", {{"Cache-Control", "no-store"}}, {.no_store = true}},
        rule{"only_if_cached", {{"Cache-Control", "only-if-cached"}}, {.only_if_cached = true}},
        rule{"names_in_any_case", {{"CACHE-CONTROL", "No-Cache"}}, {.no_cache = true}},
        rule{"a_list_with_blanks",
             {{"cache-control", " max-age=5 ,, min-fresh = 6,"}},
             {.freshness = {.max_age = 5s, .min_fresh = 6s}}},
        rule{"several_lines_are_one_list",
             {{"cache-control", "max-age=5"}, {"cache-control", "no-cache"}},
             {.no_cache = true, .freshness = {.max_age = 5s}}},
        rule{"a_quoted_number_counts", {{"cache-control", "max-age=\"60\""}}, {.freshness = {.max_age = 60s}}},
        rule{"a_comma_in_quotes_parts_nothing",
             {{"cache-control", R"(ext="no-store, \" no-cache", max-age=1)"}},
             {.freshness = {.max_age = 1s}}},
        rule{"an_open_quote_swallows_the_rest", {{"cache-control", "ext=\"a, no-store"}}, {}},
        rule{"of_a_repeated_directive_the_first_counts",
             {{"cache-control", "max-age=1, max-age=2"}},
             {.freshness = {.max_age = 1s}}},
        rule{"max_stale_without_value_takes_any_age",
             {{"cache-control", "max-stale"}},
             {.freshness = {.max_stale = any_staleness}}},
        rule{"max_stale_with_value", {{"cache-control", "max-stale=30"}}, {.freshness = {.max_stale = 30s}}},
        rule{"the_two_of_rfc_5861",
             {{"cache-control", "stale-if-error=7, stale-while-revalidate=8"}},
             {.freshness = {.stale_while_revalidate = 8s}, .stale_if_error = 7s}},
        rule{"too_many_seconds_saturate",
             {{"cache-control", "max-age=99999999999999999999999"}},
             {.freshness = {.max_age = std::chrono::seconds{1ll << 31}}}},
        rule{"a_negative_number_asks_nothing", {{"cache-control", "max-age=-1"}}, {}},
        rule{"a_missing_number_asks_nothing", {{"cache-control", "max-age, min-fresh="}}, {}},
        rule{"what_is_unknown_asks_nothing", {{"cache-control", "no-transform, no-cachet, xno-store"}}, {}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    fetch, directive_rules,
    testing::Values(rule{"its_three_headers_are_an_artefact",
                         {{"pragma", "no-cache"}, {"cache-control", "no-cache"}, {"sec-fetch-mode", "cors"}},
                         {.fetch_artefact = true}},
                    rule{"without_pragma_it_is_a_person_s_directive",
                         {{"cache-control", "no-cache"}, {"sec-fetch-mode", "cors"}},
                         {.no_cache = true}},
                    rule{"without_sec_fetch_mode_it_is_a_person_s_directive",
                         {{"cache-control", "no-cache"}, {"pragma", "no-cache"}},
                         {.no_cache = true}},
                    rule{"more_in_cache_control_is_a_person_s_directive",
                         {{"cache-control", "no-cache, max-age=1"}, {"pragma", "no-cache"}, {"sec-fetch-mode", "cors"}},
                         {.no_cache = true, .freshness = {.max_age = 1s}}},
                    rule{"pragma_is_not_read_beside_cache_control",
                         {{"cache-control", "max-age=60"}, {"pragma", "no-cache"}, {"sec-fetch-mode", "cors"}},
                         {.freshness = {.max_age = 60s}}},
                    rule{"max_age_zero_of_cache_no_cache_is_honoured",
                         {{"cache-control", "max-age=0"}, {"sec-fetch-mode", "cors"}},
                         {.freshness = {.max_age = 0s}}},
                    rule{"pragma_alone_counts", {{"pragma", "no-cache"}}, {.no_cache = true}}),
    name_of);

TEST(fetch, is_honoured_where_the_operator_says_so) {
  const fields artefact{{"Pragma", "no-cache"}, {"Cache-Control", "no-cache"}, {"Sec-Fetch-Mode", "cors"}};
  const directives expected{.no_store = true, .fetch_artefact = true};
  EXPECT_EQ(read(artefact, true), expected);
}

INSTANTIATE_TEST_SUITE_P(
    own, directive_rules,
    testing::Values(rule{"level", {{"X-Refrain-Level", "Speed"}}, {.level = config::optimization_level::speed}},
                    rule{"ttl", {{"x-refrain-ttl", " 90 "}}, {.ttl = 90s}},
                    rule{"ttl_of_nothing", {{"x-refrain-ttl", "0"}}, {.ttl = 0s}},
                    rule{"name_space", {{"x-refrain-namespace", "team/a"}}, {.name_space = "team/a"}},
                    rule{"tags_of_several_lines",
                         {{"x-refrain-tags", "a, b"}, {"x-refrain-tags", "b,c"}},
                         {.tags = {"a", "b", "c"}}},
                    rule{"semantic", {{"x-refrain-semantic", "observe"}}, {.semantic = config::semantic_mode::observe}},
                    rule{"threshold", {{"x-refrain-threshold", "0.95"}}, {.threshold = 0.95}},
                    rule{"an_empty_value_asks_nothing", {{"x-refrain-ttl", ""}, {"x-refrain-level", " "}}, {}},
                    rule{"the_client_s_key_is_no_directive", {{"x-refrain-client-key", "secret"}}, {}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    aliases, directive_rules,
    testing::Values(rule{"portkey_refresh", {{"x-portkey-cache-force-refresh", "True"}}, {.no_cache = true}},
                    rule{"portkey_refresh_false", {{"x-portkey-cache-force-refresh", "false"}}, {}},
                    rule{"portkey_namespace", {{"x-portkey-cache-namespace", "user-123"}}, {.name_space = "user-123"}},
                    rule{"portkey_simple", {{"x-portkey-cache", "simple"}}, {.semantic = config::semantic_mode::off}},
                    rule{"cloudflare_ttl", {{"cf-aig-cache-ttl", "3600"}}, {.ttl = 3600s}},
                    rule{"cloudflare_skip", {{"cf-aig-skip-cache", "true"}}, {.no_store = true}},
                    rule{"cloudflare_key_keeps_apart", {{"cf-aig-cache-key", "k"}}, {.name_space = "k"}},
                    rule{"helicone_disabled", {{"Helicone-Cache-Enabled", "false"}}, {.no_store = true}},
                    rule{"helicone_enabled", {{"Helicone-Cache-Enabled", "true"}}, {}},
                    rule{"helicone_seed", {{"Helicone-Cache-Seed", "s"}}, {.name_space = "s"}},
                    rule{"bifrost_key", {{"x-bf-cache-key", "session-1"}}, {.name_space = "session-1"}},
                    rule{"bifrost_seconds", {{"x-bf-cache-ttl", "30"}}, {.ttl = 30s}},
                    rule{"bifrost_duration", {{"x-bf-cache-ttl", "1h2m3s"}}, {.ttl = 3723s}},
                    rule{"bifrost_no_store", {{"x-bf-cache-no-store", "true"}}, {.no_store = true}},
                    rule{"bifrost_direct", {{"x-bf-cache-type", "direct"}}, {.semantic = config::semantic_mode::off}},
                    rule{"bifrost_threshold", {{"x-bf-cache-threshold", "0.9"}}, {.threshold = 0.9}},
                    rule{"bad_values_ask_nothing",
                         {{"cf-aig-cache-ttl", "soon"},
                          {"x-bf-cache-ttl", "5 parsecs"},
                          {"x-bf-cache-threshold", "2"},
                          {"x-portkey-cache-namespace", ""}},
                         {}},
                    rule{"ours_win", {{"cf-aig-cache-ttl", "1"}, {"x-refrain-ttl", "2"}}, {.ttl = 2s}},
                    rule{"of_two_namespaces_the_table_chooses_not_the_order",
                         {{"x-bf-cache-key", "b"}, {"x-portkey-cache-namespace", "p"}},
                         {.name_space = "p"}}),
    name_of);

TEST(aliases, namespace_that_we_do_not_allow_still_keeps_apart) {
  const auto one = read({{"helicone-cache-seed", "user one"}}).name_space;
  const auto two = read({{"helicone-cache-seed", "user two"}}).name_space;
  EXPECT_EQ(one.size(), 64u);
  EXPECT_NE(one, two);
}

TEST(body, directives_count_after_headers_and_before_aliases) {
  const entry::body_directives body{
      .present = true, .ttl = 20s, .max_age = 30s, .no_cache = true, .no_store = false, .name_space = "body"};
  const fields headers{{"x-refrain-ttl", "10"}, {"cache-control", "max-age=5"}, {"x-bf-cache-key", "alias"}};
  const auto asked = read_directives(headers, body, false);
  const directives expected{.no_cache = true, .freshness = {.max_age = 5s}, .ttl = 10s, .name_space = "body"};
  EXPECT_EQ(asked.value(), expected);
}

struct fault {
  std::string_view header;
  std::string value;
  std::string_view says;
};

class bad_headers : public testing::TestWithParam<fault> {};

TEST_P(bad_headers, are_named_with_what_is_allowed) {
  const auto& [header, value, says] = GetParam();
  const fields headers{{header, value}};
  const auto asked = read_directives(headers, {}, false);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, base::errc::bad_directive);
  EXPECT_NE(asked.error().context.find(header), std::string::npos) << asked.error().context;
  EXPECT_NE(asked.error().context.find(says), std::string::npos) << asked.error().context;
}

INSTANTIATE_TEST_SUITE_P(
    each, bad_headers,
    testing::Values(fault{"x-refrain-ttl", "banana", "seconds"}, fault{"x-refrain-ttl", "-1", "seconds"},
                    fault{"x-refrain-level", "fast", "balanced_speed"},
                    fault{"x-refrain-namespace", "two words", "visible ASCII"},
                    fault{"x-refrain-namespace", std::string(129, 'n'), "128"},
                    fault{"x-refrain-tags", std::string(65, 't'), "64"},
                    fault{"x-refrain-tags", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", "16"},
                    fault{"x-refrain-semantic", "maybe", "verified"}, fault{"x-refrain-pace", "fast", "0 to 1000"},
                    fault{"x-refrain-pace", "1001", "0 to 1000"}, fault{"x-refrain-threshold", "1.1", "0 to 1"},
                    fault{"x-refrain-threshold", "nan", "0 to 1"}));

TEST(gateway_headers, never_reach_a_provider_from_a_cached_endpoint) {
  for (const auto* name : {"X-Refrain-TTL", "x-refrain-client-key", "Cache-Control", "pragma", "x-portkey-cache",
                           "x-portkey-cache-namespace", "cf-aig-skip-cache", "cf-aig-cache-anything",
                           "Helicone-Cache-Bucket-Max-Size", "x-bf-cache-key"}) {
    EXPECT_TRUE(is_gateway_header(name)) << name;
  }
  for (const auto* name : {"authorization", "cf-aig-authorization", "helicone-auth", "x-portkey-api-key", "x-bf-vk",
                           "openai-beta", "sec-fetch-mode", "x-refrai"}) {
    EXPECT_FALSE(is_gateway_header(name)) << name;
  }
}

TEST(gateway_headers, only_ours_are_kept_from_routes_that_pass_through) {
  EXPECT_TRUE(is_own_header("X-Refrain-Client-Key"));
  EXPECT_FALSE(is_own_header("cache-control"));
}

TEST(ignored_members, are_those_that_helicones_header_names) {
  using names = std::vector<std::string>;
  EXPECT_EQ(ignored_members(fields{{"accept", "*/*"}}), names{});
  EXPECT_EQ(ignored_members(fields{{"helicone-cache-ignore-keys", " session_id,request_id ,,request_id"}}),
            (names{"request_id", "session_id"}));
  EXPECT_EQ(ignored_members(fields{{"Helicone-Cache-Ignore-Keys", "b"}, {"helicone-cache-ignore-keys", "a"}}),
            (names{"a", "b"}));
  std::string many = "a0";
  for (int i = 1; i < 33; ++i) many += ",a" + std::to_string(i);
  EXPECT_EQ(ignored_members(fields{{"helicone-cache-ignore-keys", many}}), names{});
  EXPECT_EQ(ignored_members(fields{{"helicone-cache-ignore-keys", std::string(129, 'a')}}), names{});
  EXPECT_TRUE(is_gateway_header("Helicone-Cache-Ignore-Keys")) << "not forwarded";
}

}  // namespace
}  // namespace refrain::cache
