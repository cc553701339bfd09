#include "semantic/kept_evidence.h"

#include <gtest/gtest.h>

namespace refrain::semantic {
namespace {

const request_class route{.route = "openai chat gpt:4", .tenant = "key 1"};
constexpr std::int64_t today = 20'000;

/// So many candidates at 0.9, of which each `every` turns out to have another answer.
void teach(learner& one, int times, int every) {
  for (int i = 0; i < times; ++i) {
    (void)one.decide(route, bin::clean, 0.9, 0.5);
    one.label(route, bin::clean, 0.9, i % every == every - 1);
  }
}

TEST(kept_evidence, goes_on_in_another_process) {
  learner one{{}};
  teach(one, 600, 1'000'000);
  ASSERT_TRUE(one.threshold(route, bin::clean));
  learner other{{}};
  take_in(other, to_counters(one.drain(), today), today);
  ASSERT_TRUE(other.threshold(route, bin::clean));
  EXPECT_EQ(other.decide(route, bin::clean, 0.9, 0.5), verdict::serve);
}

TEST(kept_evidence, is_given_out_once_and_adds_up) {
  learner one{{}};
  learner other{{}};
  teach(one, 100, 1'000'000);
  teach(other, 50, 1'000'000);
  auto all = to_counters(one.drain(), today);
  for (auto& more : to_counters(other.drain(), today)) all.push_back(more);
  EXPECT_TRUE(one.drain().empty());
  learner third{{}};
  take_in(third, all, today);
  EXPECT_EQ(third.accounts().at({"cosine all", bin::clean}).labels, 150);
  // What a gateway has seen and not given out yet counts beside what all have.
  teach(one, 7, 1'000'000);
  take_in(one, all, today);
  EXPECT_EQ(one.accounts().at({"cosine all", bin::clean}).labels, 157);
}

TEST(kept_evidence, fades_to_a_half_in_a_week) {
  learner one{{}};
  teach(one, 100, 1'000'000);
  const auto kept = to_counters(one.drain(), today);
  learner later{{}};
  take_in(later, kept, today + 7);
  EXPECT_NEAR(later.accounts().at({"cosine all", bin::clean}).seen.labels(), 50, 1e-9);
}

TEST(kept_evidence, of_before_an_alarm_counts_no_more) {
  learner one{{}};
  teach(one, 600, 1'000'000);
  auto kept = to_counters(one.drain(), today);
  learner other{{}};
  take_in(other, kept, today);
  teach(one, 400, 1);  // all of them wrong now
  EXPECT_EQ(one.decide(route, bin::clean, 0.9, 0.5), verdict::alarm);
  for (auto& more : to_counters(one.drain(), today)) kept.push_back(more);
  take_in(other, kept, today);
  EXPECT_EQ(other.decide(route, bin::clean, 0.9, 0.5), verdict::alarm);
}

TEST(kept_evidence, leaves_other_counters_alone) {
  learner one{{}};
  take_in(one,
          {{.day = today, .name = "llm:openai:gpt:hit", .amount = 7},
           {.day = today, .name = "semantic:", .amount = 7},
           {.day = today, .name = "semantic:a:clean:0:60:met", .amount = 7},
           {.day = today, .name = "semantic:a:dirty:0:6:met", .amount = 7},
           {.day = today, .name = "semantic:a:clean:x:6:met", .amount = 7}},
          today);
  EXPECT_TRUE(one.accounts().empty());
}

}  // namespace
}  // namespace refrain::semantic
