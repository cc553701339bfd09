#include "cli/readable.h"

#include <gtest/gtest.h>

namespace refrain::cli {
namespace {

using entry::outcome;

ledger::tally tally_of(std::initializer_list<outcome> outcomes, std::int64_t saved = 0, std::uint64_t unpriced = 0) {
  ledger::tally all{.by_outcome = {}, .saved = {saved}, .spent = {}, .unpriced = unpriced};
  for (const auto each : outcomes) ++all.by_outcome[static_cast<std::size_t>(each)];
  return all;
}

TEST(the_last_line_of_run, counts_hits_of_all_that_the_cache_was_asked_for) {
  EXPECT_EQ(summary_of(tally_of({outcome::hit, outcome::stale, outcome::coalesced, outcome::miss}, 12'345), {}),
            "3 of 4 answered from the cache, $0.0123 saved");
}

TEST(the_last_line_of_run, says_that_nothing_was_asked) {
  EXPECT_EQ(summary_of({}, {}), "no request came through; does the command read OPENAI_BASE_URL or its like?");
}

TEST(the_last_line_of_run, tells_failures_apart_from_silence) {
  EXPECT_EQ(summary_of({}, {.answered = 1, .failed = 1, .last_failure = 401}),
            "nothing was answered: 1 request failed, with status 401");
  EXPECT_EQ(summary_of({}, {.answered = 3, .failed = 3, .last_failure = 502}),
            "nothing was answered: 3 requests failed, the last with status 502");
  EXPECT_EQ(summary_of({}, {.answered = 3, .failed = 2, .last_failure = 404}),
            "1 passed through, none of them for the cache; 2 requests failed, the last with status 404");
  EXPECT_EQ(summary_of(tally_of({outcome::hit}, 42), {.answered = 2, .failed = 1, .last_failure = 429}),
            "1 of 1 answered from the cache, $0.000042 saved; 1 request failed, with status 429");
}

TEST(the_last_line_of_run, tells_what_passed_through_apart) {
  EXPECT_EQ(summary_of(tally_of({outcome::bypass, outcome::bypass}), {}),
            "2 passed through, none of them for the cache");
  EXPECT_EQ(summary_of(tally_of({outcome::miss, outcome::bypass}), {}),
            "0 of 1 answered from the cache, $0 saved; 1 passed through");
}

TEST(the_last_line_of_run, never_takes_an_unknown_price_for_nothing) {
  EXPECT_EQ(summary_of(tally_of({outcome::hit}, 0, 1), {}),
            "1 of 1 answered from the cache, an unknown sum saved, as the price is not known");
  EXPECT_EQ(summary_of(tally_of({outcome::hit, outcome::hit}, 20'000, 1), {}),
            "2 of 2 answered from the cache, at least $0.0200 saved");
}

TEST(the_last_line_of_run, shows_small_sums_in_full) {
  EXPECT_EQ(summary_of(tally_of({outcome::hit}, 42), {}), "1 of 1 answered from the cache, $0.000042 saved");
  EXPECT_EQ(summary_of(tally_of({outcome::hit}, 12'340'000), {}), "1 of 1 answered from the cache, $12.3400 saved");
}

}  // namespace
}  // namespace refrain::cli
