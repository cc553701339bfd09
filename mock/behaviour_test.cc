#include "mock/behaviour.h"

#include <gtest/gtest.h>

namespace refrain::mock {
namespace {

using namespace std::chrono_literals;

TEST(behaviour, comes_from_the_options) {
  const auto how = behaviour_of({.latency = 3ms, .gap = 4ms, .tokens_per_chunk = 5, .text_bytes = 6}, {}, 1);
  ASSERT_TRUE(how);
  EXPECT_EQ(how->latency, 3ms);
  EXPECT_EQ(how->gap, 4ms);
  EXPECT_EQ(how->tokens_per_chunk, 5U);
  EXPECT_EQ(how->text_bytes, 6U);
  EXPECT_EQ(how->status, 200U);
}

TEST(behaviour, is_overridden_by_headers_in_any_case) {
  const auto how = behaviour_of({.latency = 3ms},
                                {{"X-Mock-Latency-Ms", "9"},
                                 {"accept", "*/*"},
                                 {"x-mock-status", "429"},
                                 {"x-mock-truncate", "0"},
                                 {"x-mock-reset", "mid-body"},
                                 {"x-mock-no-done", "1"},
                                 {"x-mock-missing", "2"},
                                 {"x-mock-reversed", "1"}},
                                1);
  ASSERT_TRUE(how);
  EXPECT_EQ(how->latency, 9ms);
  EXPECT_EQ(how->status, 429U);
  EXPECT_EQ(how->truncate, 0U);
  EXPECT_EQ(how->reset, reset_point::mid_body);
  EXPECT_TRUE(how->no_done);
  EXPECT_EQ(how->items_missing, 2U);
  EXPECT_TRUE(how->items_reversed);
}

TEST(behaviour, takes_no_header_or_value_that_it_does_not_know) {
  for (const auto& field :
       {header{"x-mock-latency", "1"}, header{"x-mock-latency-ms", "soon"}, header{"x-mock-latency-ms", "-1"},
        header{"x-mock-status", "99"}, header{"x-mock-reset", "later"}, header{"x-mock-chunk", "0"},
        header{"x-mock-no-done", "yes"}, header{"x-mock-missing", "some"}}) {
    const auto how = behaviour_of({}, {field}, 1);
    ASSERT_FALSE(how) << field.name << ": " << field.value;
    EXPECT_NE(how.error().context.find(field.name), std::string::npos);
  }
}

int failures(const options& rates, std::uint64_t calls) {
  int count = 0;
  for (std::uint64_t number = 1; number <= calls; ++number) {
    if (behaviour_of(rates, {}, number)->status != 200) ++count;
  }
  return count;
}

TEST(chance, keeps_to_its_rate) {
  EXPECT_EQ(failures({.error_rate = 0}, 1000), 0);
  EXPECT_EQ(failures({.error_rate = 1}, 1000), 1000);
  EXPECT_NEAR(failures({.error_rate = 0.2}, 10'000), 2000, 200);
}

TEST(chance, is_repeated_by_the_same_seed_alone) {
  const auto drawn = [](std::uint64_t seed) {
    std::string calls;
    for (std::uint64_t number = 1; number <= 64; ++number) {
      calls += behaviour_of({.seed = seed, .stall_rate = 0.5}, {}, number)->stall ? '1' : '0';
    }
    return calls;
  };
  EXPECT_EQ(drawn(1), drawn(1));
  EXPECT_NE(drawn(1), drawn(2));
}

TEST(chance, stands_back_where_a_header_names_the_fault) {
  const auto how = behaviour_of({.error_rate = 1}, {{"x-mock-stall", "2"}}, 1);
  ASSERT_TRUE(how);
  EXPECT_EQ(how->status, 200U);
  EXPECT_EQ(how->stall, 2U);
}

}  // namespace
}  // namespace refrain::mock
