#include "semantic/learner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

namespace refrain::semantic {
namespace {

const request_class route{.route = "openai chat gpt", .tenant = "alice"};

/// A world in which stored answers are right above an edge.
struct world {
  double edge = 0.8;
  bool flipped = false;  ///< what was right above is wrong now

  [[nodiscard]] bool is_wrong(double score) const { return flipped ? score >= edge : score < edge; }
};

struct run_result {
  int served = 0;
  int wrong = 0;
  int explored = 0;
  int alarms = 0;
};

class learning : public ::testing::Test {
 protected:
  run_result run(const world& how, int requests, const request_class& whose = route, bin where = bin::clean) {
    run_result all;
    for (int i = 0; i < requests; ++i) {
      const double score = 1 - 0.5 * std::abs(normal_(random_));
      const auto what = own_.decide(whose, where, score, uniform_(random_));
      const bool wrong = how.is_wrong(score);
      all.alarms += what == verdict::alarm ? 1 : 0;
      all.explored += what == verdict::explore ? 1 : 0;
      if (what == verdict::serve) {
        ++all.served;
        all.wrong += wrong ? 1 : 0;
      } else {
        own_.label(whose, where, score, wrong);
      }
    }
    return all;
  }

  std::mt19937 random_{7};  // NOLINT: the same each time
  std::normal_distribution<double> normal_{0, 1};
  std::uniform_real_distribution<double> uniform_{0, 1};
  learner own_{{}};
};

TEST_F(learning, serves_nothing_before_there_is_evidence_and_then_what_is_right) {
  EXPECT_EQ(run({}, 100).served, 0);
  run({}, 2'000);
  const auto later = run({}, 2'000);
  EXPECT_GT(later.served, 400);
  EXPECT_LE(later.wrong, 0.02 * later.served);
  EXPECT_NEAR(own_.threshold(route, bin::clean).value_or(0), 0.8, 0.05);
}

TEST_F(learning, explores_one_in_twenty_of_what_it_would_serve) {
  run({}, 3'000);
  const auto later = run({}, 4'000);
  EXPECT_NEAR(later.explored, 0.05 * (later.served + later.explored), 0.02 * later.served);
}

TEST_F(learning, never_serves_below_the_threshold) {
  run({}, 5'000);
  const auto from = own_.threshold(route, bin::clean);
  ASSERT_TRUE(from.has_value());
  EXPECT_EQ(own_.decide(route, bin::clean, *from - 0.001, 0), verdict::below) << "not even to explore";
}

TEST_F(learning, raises_the_alarm_soon_after_the_world_has_changed) {
  run({}, 5'000);
  int served_wrong = 0;
  int requests = 0;
  run_result now;
  while (now.alarms == 0 && requests < 20'000) {
    now = run({.flipped = true}, 50);
    requests += 50;
    served_wrong += now.wrong;
  }
  // At one look in twenty, fifty labels above the threshold take about a thousand served answers.
  EXPECT_LE(served_wrong, 1'500);
  EXPECT_EQ(own_.decide(route, bin::clean, 0.99, 0.5), verdict::alarm);
}

TEST_F(learning, begins_anew_after_an_alarm_on_new_labels_alone_and_looks_more_often) {
  run({}, 5'000);
  while (run({.flipped = true}, 1).alarms == 0) {
  }
  const auto back = run({}, 6'000);
  EXPECT_GT(back.served, 500);
  EXPECT_LE(back.wrong, 0.02 * back.served);
  EXPECT_NEAR(back.explored, 0.2 * (back.served + back.explored), 0.05 * back.served);
}

TEST_F(learning, keeps_bins_apart) {
  run({}, 3'000);
  EXPECT_TRUE(own_.threshold(route, bin::clean).has_value());
  EXPECT_FALSE(own_.threshold(route, bin::substituted).has_value());
}

TEST_F(learning, gives_a_new_route_what_its_tenant_and_then_all_have_learnt) {
  run({}, 6'000);
  const request_class same_tenant{.route = "openai chat other", .tenant = "alice"};
  const request_class stranger{.route = "gemini", .tenant = "bob"};
  EXPECT_TRUE(own_.threshold(same_tenant, bin::clean).has_value());
  EXPECT_TRUE(own_.threshold(stranger, bin::clean).has_value());
}

TEST_F(learning, lets_a_bad_route_learn_for_itself) {
  run({}, 10'000);
  const request_class bad{.route = "gossip", .tenant = "alice"};
  const auto first = run({.edge = 2}, 3'000, bad);
  EXPECT_FALSE(own_.threshold(bad, bin::clean).has_value());
  EXPECT_EQ(run({.edge = 2}, 500, bad).served, 0);
  EXPECT_LT(first.wrong, 1'500);
}

}  // namespace
}  // namespace refrain::semantic
