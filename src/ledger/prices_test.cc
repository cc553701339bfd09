#include "ledger/prices.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace refrain::ledger {

extern const std::string_view embedded_prices;

namespace {

using entry::micro_usd;
using entry::token_usage;

constexpr std::string_view sample = R"(
[openai]
date = 2026-11-22
source = "price list"
[openai.models]
"gpt-4o" = { input = 2.50, cached_input = 1.25, output = 10.00 }
"gpt-4o-2024-05-13" = { input = 5.00, output = 15.00 }
"embed" = { input = 0.02, output = 0.00 }
"tiered" = { input = 1.0, output = 2.0, long = { above = 1_000, input = 2.0, output = 3.0 }, date = 2026-12-01 }

[anthropic]
date = 2026-11-22
source = "another list"
[anthropic.models]
"claude-opus-4-5" = { input = 5.00, cached_input = 0.50, output = 25.00 }

[groq]
date = 2026-11-22
source = "a third"
[groq.models]
"openai/gpt-oss-120b" = { input = 0.15, output = 0.60 }
"gpt-4o" = { input = 1.00, output = 1.00 }
)";

const price_table& table() {
  static const auto parsed = price_table::parse(sample, "sample");
  return parsed.value();
}

struct name_rule {
  std::string_view name;
  std::string_view upstream;
  std::string_view model;
  double input;  ///< dollars per million tokens of the row that prices it; 0: none does
};

class model_names : public testing::TestWithParam<name_rule> {};

TEST_P(model_names, find_their_row) {
  const auto* const row = table().find(GetParam().upstream, GetParam().model);
  const auto input = row ? static_cast<double>(row->rates.input.value) / 1e6 : 0.0;
  EXPECT_DOUBLE_EQ(input, GetParam().input);
}

INSTANTIATE_TEST_SUITE_P(
    each, model_names,
    testing::Values(name_rule{"by_itself", "openai", "gpt-4o", 2.5},
                    name_rule{"dated", "openai", "gpt-4o-2024-08-06", 2.5},
                    name_rule{"dated_with_a_row_of_its_own", "openai", "gpt-4o-2024-05-13", 5.0},
                    name_rule{"latest", "openai", "gpt-4o-latest", 2.5},
                    name_rule{"dated_with_an_at", "anthropic", "claude-opus-4-5@20251101", 5.0},
                    name_rule{"dated_in_one_number", "anthropic", "claude-opus-4-5-20251101", 5.0},
                    name_rule{"behind_its_provider", "router", "openai/gpt-4o-2024-08-06", 2.5},
                    name_rule{"of_another_provider_behind_it", "openai", "anthropic/claude-opus-4-5", 5.0},
                    name_rule{"with_a_slash_of_its_own", "groq", "openai/gpt-oss-120b", 0.15},
                    name_rule{"the_upstream_s_own_row_first", "groq", "gpt-4o", 1.0},
                    name_rule{"at_an_upstream_without_rows", "mine", "claude-opus-4-5", 5.0},
                    name_rule{"variant_is_another_model", "openai", "gpt-4o-audio-preview", 0},
                    name_rule{"next_version_is_another_model", "anthropic", "claude-opus-4-5-1", 0},
                    name_rule{"shorter_version_is_another_model", "anthropic", "claude-opus-4", 0},
                    name_rule{"variant_with_a_date", "openai", "gpt-4o-mini-2024-07-18", 0},
                    name_rule{"unknown", "openai", "gpt-9", 0},
                    name_rule{"unknown_provider", "openai", "who/gpt-4o", 0}, name_rule{"empty", "openai", "", 0}),
    [](const auto& one) { return std::string(one.param.name); });

struct cost_rule {
  std::string_view name;
  std::string_view model;
  token_usage usage;
  std::optional<micro_usd> cost;
};

class costs : public testing::TestWithParam<cost_rule> {};

TEST_P(costs, hold) { EXPECT_EQ(table().cost("openai", GetParam().model, GetParam().usage), GetParam().cost); }

constexpr auto huge = std::numeric_limits<std::uint64_t>::max();

INSTANTIATE_TEST_SUITE_P(
    each, costs,
    testing::Values(
        cost_rule{"input_and_output", "gpt-4o", {.input = 1000, .output = 100}, micro_usd{3500}},
        cost_rule{"cached_input_is_part_of_the_input",
                  "gpt-4o",
                  {.input = 1000, .cached_input = 400, .output = 0},
                  micro_usd{2000}},
        cost_rule{"more_cached_than_input_counts_as_all",
                  "gpt-4o",
                  {.input = 100, .cached_input = 400, .output = 0},
                  micro_usd{125}},
        cost_rule{"no_cached_rate_costs_the_input_s",
                  "gpt-4o-2024-05-13",
                  {.input = 100, .cached_input = 50, .output = 0},
                  micro_usd{500}},
        cost_rule{"rounded_once_at_the_end", "gpt-4o", {.input = 1, .cached_input = 1, .output = 1}, micro_usd{11}},
        cost_rule{"half_is_rounded_up", "gpt-4o", {.input = 1, .output = 0}, micro_usd{3}},
        cost_rule{"below_half_is_rounded_down", "embed", {.input = 24, .output = {}}, micro_usd{0}},
        cost_rule{"no_output_is_known_where_it_is_free", "embed", {.input = 1000, .output = {}}, micro_usd{20}},
        cost_rule{"no_output_is_unknown_elsewhere", "gpt-4o", {.input = 1000, .output = {}}, std::nullopt},
        cost_rule{"no_input_is_unknown", "gpt-4o", {.output = 10}, std::nullopt},
        cost_rule{"unknown_model_is_unknown", "gpt-9", {.input = 1, .output = 1}, std::nullopt},
        cost_rule{"up_to_the_limit_the_short_rate", "tiered", {.input = 1000, .output = 1}, micro_usd{1002}},
        cost_rule{"beyond_the_limit_the_long_rate", "tiered", {.input = 1001, .output = 1}, micro_usd{2005}},
        cost_rule{"absurd_counts_are_unknown", "gpt-4o", {.input = huge, .output = huge}, std::nullopt},
        cost_rule{"absurd_sums_are_unknown",
                  "gpt-4o",
                  {.input = huge / 8'000'000, .output = huge / 40'000'000},
                  std::nullopt}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(price_rows, carry_their_section_s_date_and_source_unless_they_say_their_own) {
  EXPECT_EQ(table().find("openai", "gpt-4o")->date, "2026-11-22");
  EXPECT_EQ(table().find("openai", "gpt-4o")->source, "price list");
  EXPECT_EQ(table().find("openai", "tiered")->date, "2026-12-01");
}

struct bad_file {
  std::string_view name;
  std::string_view text;
  std::string_view says;
};

class bad_price_files : public testing::TestWithParam<bad_file> {};

TEST_P(bad_price_files, are_refused_by_name) {
  const auto parsed = price_table::parse(GetParam().text, "own.toml");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, base::errc::bad_config);
  EXPECT_NE(parsed.error().context.find("own.toml"), std::string::npos) << parsed.error().context;
  EXPECT_NE(parsed.error().context.find(GetParam().says), std::string::npos) << parsed.error().context;
}

INSTANTIATE_TEST_SUITE_P(
    each, bad_price_files,
    testing::Values(
        bad_file{"no_toml", "[openai\n", "line 1"}, bad_file{"no_section", "openai = 1", "openai"},
        bad_file{"no_models", "[openai]\ndate = 2026-01-01", "[openai.models]"},
        bad_file{"row_is_a_number", "[o.models]\nm = 3", "o.m"},
        bad_file{"no_input", "[o]\ndate = 2026-01-01\nsource = \"s\"\n[o.models]\nm = { output = 1.0 }", "o.m.input"},
        bad_file{"negative", "[o]\ndate = 2026-01-01\nsource = \"s\"\n[o.models]\nm = { input = -1, output = 1 }",
                 "o.m.input"},
        bad_file{"text", "[o]\ndate = 2026-01-01\nsource = \"s\"\n[o.models]\nm = { input = \"1\", output = 1 }",
                 "o.m.input"},
        bad_file{"no_date", "[o]\nsource = \"s\"\n[o.models]\nm = { input = 1, output = 1 }", "o.m.date"},
        bad_file{"no_source", "[o]\ndate = 2026-01-01\n[o.models]\nm = { input = 1, output = 1 }", "o.m.source"},
        bad_file{"unknown_field",
                 "[o]\ndate = 2026-01-01\nsource = \"s\"\n[o.models]\nm = { input = 1, output = 1, cahced = 1 }",
                 "cahced"},
        bad_file{"long_without_limit",
                 "[o]\ndate = 2026-01-01\nsource = \"s\"\n[o.models]\nm = { input = 1, output = 1, long = { input = 1, "
                 "output = 1 } }",
                 "o.m.long.above"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(built_in_prices, are_whole) {
  const auto parsed = price_table::parse(embedded_prices, "data/prices.toml");
  ASSERT_TRUE(parsed) << parsed.error().to_string();
  EXPECT_EQ(parsed->size(), built_in_prices().size());
  EXPECT_GT(parsed->size(), 100u);
}

TEST(built_in_prices, know_common_models) {
  const token_usage usage{.input = 1'000'000, .output = 1'000'000};
  EXPECT_EQ(built_in_prices().cost("openai", "gpt-4o-mini", usage), micro_usd{750'000});
  EXPECT_EQ(built_in_prices().cost("openai", "gpt-4o-mini-2024-07-18", usage), micro_usd{750'000});
  EXPECT_EQ(built_in_prices().cost("anthropic", "claude-haiku-4-5-20251001", usage), micro_usd{6'000'000});
  EXPECT_EQ(built_in_prices().cost("openai", "gpt-4o-audio-preview", usage), std::nullopt);
}

}  // namespace
}  // namespace refrain::ledger
