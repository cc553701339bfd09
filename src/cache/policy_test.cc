#include "cache/policy.h"

#include <gtest/gtest.h>

#include <string>

namespace refrain::cache {
namespace {

using namespace std::chrono_literals;
using entry::cache_type;
using entry::uncacheable_reason;
using level = config::optimization_level;
using settings = config::settings::cache_section;

plan plan_for(const directives& asked, const entry::parsed_request& known = {}, const settings& rules = {}) {
  return decide(rules, cache_type::llm, known, asked);
}

struct rule {
  std::string_view name;
  directives asked;
  plan expected;
};

class plan_rules : public testing::TestWithParam<rule> {};

TEST_P(plan_rules, hold) { EXPECT_EQ(plan_for(GetParam().asked), GetParam().expected); }

constexpr plan usual{.look_up = true, .store = true, .ttl = 1800s};
constexpr plan bypass(uncacheable_reason why) { return {.asked = entry::outcome::bypass, .why_not = why}; }

constexpr plan with(plan changed, auto change) {
  change(changed);
  return changed;
}

INSTANTIATE_TEST_SUITE_P(
    each, plan_rules,
    testing::Values(
        rule{"usual", {}, usual},
        rule{"no_cache_refreshes", {.no_cache = true}, {.store = true, .asked = entry::outcome::refresh, .ttl = 1800s}},
        rule{"no_store_stands_aside", {.no_store = true}, bypass(uncacheable_reason::no_store)},
        rule{"no_store_wins_over_no_cache", {.no_cache = true, .no_store = true}, bypass(uncacheable_reason::no_store)},
        rule{"fetch_artefact_is_ignored", {.fetch_artefact = true}, usual},
        rule{"fetch_artefact_that_is_honoured",
             {.no_store = true, .fetch_artefact = true},
             bypass(uncacheable_reason::fetch_no_store)},
        rule{"only_if_cached_never_asks",
             {.only_if_cached = true},
             with(usual, [](plan& p) { p.ask_upstream = false; })},
        rule{"only_if_cached_holds_in_a_bypass",
             {.no_store = true, .only_if_cached = true},
             with(bypass(uncacheable_reason::no_store), [](plan& p) { p.ask_upstream = false; })},
        rule{"ttl_of_nothing_reads_only", {.ttl = 0s}, {.look_up = true, .why_not = uncacheable_reason::ttl_zero}},
        rule{"ttl_of_the_request", {.ttl = 5s}, with(usual, [](plan& p) { p.ttl = 5s; })},
        rule{"level_of_the_request",
             {.level = level::speed},
             with(usual, [](plan& p) { p.ttl = 600s, p.level = level::speed; })},
        rule{"ttl_wins_over_level",
             {.ttl = 5s, .level = level::speed},
             with(usual, [](plan& p) { p.ttl = 5s, p.level = level::speed; })}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(plan, stands_aside_where_the_cache_is_off) {
  EXPECT_EQ(plan_for({}, {}, {.enabled = false}), bypass(uncacheable_reason::cache_disabled));
}

TEST(plan, stands_aside_for_what_the_content_forbids) {
  EXPECT_EQ(plan_for({.ttl = 5s}, {.why_not = uncacheable_reason::upstream_effect}),
            bypass(uncacheable_reason::upstream_effect));
}

TEST(plan, the_content_s_reason_is_named_before_the_request_s) {
  EXPECT_EQ(plan_for({.no_store = true}, {.why_not = uncacheable_reason::malformed_body}),
            bypass(uncacheable_reason::malformed_body));
}

struct ttl_rule {
  std::string_view name;
  cache_type type;
  level at;
  std::chrono::seconds ttl;
};

class ttl_rules : public testing::TestWithParam<ttl_rule> {};

TEST_P(ttl_rules, hold) { EXPECT_EQ(ttl_of({}, GetParam().type, {.level = GetParam().at}), GetParam().ttl); }

INSTANTIATE_TEST_SUITE_P(
    each, ttl_rules,
    testing::Values(ttl_rule{"llm_quality", cache_type::llm, level::quality, 3600s},
                    ttl_rule{"llm_balanced_quality", cache_type::llm, level::balanced_quality, 2400s},
                    ttl_rule{"llm_balanced", cache_type::llm, level::balanced, 1800s},
                    ttl_rule{"llm_balanced_speed", cache_type::llm, level::balanced_speed, 1200s},
                    ttl_rule{"llm_speed", cache_type::llm, level::speed, 600s},
                    ttl_rule{"embeddings_as_llm", cache_type::embedding, level::quality, 3600s},
                    ttl_rule{"transcriptions_as_llm", cache_type::stt, level::quality, 3600s},
                    ttl_rule{"speech_quality", cache_type::tts, level::quality, 1800s},
                    ttl_rule{"speech_balanced_quality", cache_type::tts, level::balanced_quality, 1800s},
                    ttl_rule{"speech_balanced", cache_type::tts, level::balanced, 900s},
                    ttl_rule{"speech_balanced_speed", cache_type::tts, level::balanced_speed, 300s},
                    ttl_rule{"speech_speed", cache_type::tts, level::speed, 300s}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(ttl, never_passes_the_ceiling) {
  const settings rules{.ttl_ceiling = 60s};
  EXPECT_EQ(ttl_of(rules, cache_type::llm, {.ttl = std::chrono::hours{24 * 365}}), 60s);
  EXPECT_EQ(ttl_of(rules, cache_type::llm, {}), 60s);
}

TEST(ttl, of_what_lives_in_an_account_stays_below_the_thirty_days_that_openai_keeps_it) {
  const settings rules{.ttl_ceiling = std::chrono::days{365}};
  const directives for_a_year{.ttl = std::chrono::days{365}};
  EXPECT_EQ(plan_for(for_a_year, {.bound_to_account = true}, rules).ttl, std::chrono::days{29});
  EXPECT_EQ(plan_for({.ttl = 60s}, {.bound_to_account = true}, rules).ttl, 60s);
  EXPECT_EQ(plan_for(for_a_year, {}, rules).ttl, std::chrono::days{365});
}

TEST(ttl, ceiling_of_nothing_records_nothing) { EXPECT_FALSE(plan_for({}, {}, {.ttl_ceiling = 0s}).store); }

TEST(plan, excepts_models_and_endpoints_that_the_operator_names) {
  const settings rules{.except_models = {"gpt-5-chat*", "o1"}, .except_endpoints = {"responses"}};
  const auto why = [&](std::string_view model, std::string_view endpoint = "chat.completions") {
    entry::parsed_request known;
    known.model = model;
    return decide(rules, cache_type::llm, known, {}, endpoint).why_not;
  };
  EXPECT_EQ(why("gpt-5-chat-latest"), uncacheable_reason::cache_disabled);
  EXPECT_EQ(why("o1"), uncacheable_reason::cache_disabled);
  EXPECT_EQ(why("o1-mini"), uncacheable_reason::none);
  EXPECT_EQ(why("gpt-5"), uncacheable_reason::none);
  EXPECT_EQ(why("gpt-5", "responses"), uncacheable_reason::cache_disabled);
}

TEST(plan, excepts_what_is_sampled_above_the_temperature_that_the_operator_names) {
  const auto why = [](std::optional<double> most, std::optional<double> asked) {
    const settings rules{.max_temperature = most};
    return decide(rules, cache_type::llm, {.temperature = asked}, {}).why_not;
  };
  EXPECT_EQ(why(0.3, 0.7), uncacheable_reason::temperature);
  EXPECT_EQ(why(0, 0.1), uncacheable_reason::temperature);
  EXPECT_EQ(why(0.3, 0.3), uncacheable_reason::none);
  EXPECT_EQ(why(0.3, std::nullopt), uncacheable_reason::none) << "nothing is sampled";
  EXPECT_EQ(why(std::nullopt, 2), uncacheable_reason::none);
}

TEST(finish, is_kept_where_the_dialect_or_the_operator_knows_it) {
  const std::vector<std::string> odd{"repetition"};
  EXPECT_EQ(judge_finish({}, {.unknown = {}}), uncacheable_reason::none);
  EXPECT_EQ(judge_finish({}, {.unknown = odd}), uncacheable_reason::unfinished_choice);
  EXPECT_EQ(judge_finish({.finish_reasons = {"abort", "repetition"}}, {.unknown = odd}), uncacheable_reason::none);
  EXPECT_EQ(judge_finish({.finish_reasons = {"abort"}}, {.unknown = odd}), uncacheable_reason::unfinished_choice);
}

TEST(finish, at_the_length_is_kept_unless_the_operator_refuses_it) {
  EXPECT_EQ(judge_finish({}, {.unknown = {}, .cut_at_length = true}), uncacheable_reason::none);
  EXPECT_EQ(judge_finish({.keep_cut = false}, {.unknown = {}, .cut_at_length = true}),
            uncacheable_reason::unfinished_choice);
  EXPECT_EQ(judge_finish({.keep_cut = false}, {.unknown = {}}), uncacheable_reason::none);
}

}  // namespace
}  // namespace refrain::cache
