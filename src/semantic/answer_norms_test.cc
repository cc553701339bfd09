#include "semantic/answer_norms.h"

#include <gtest/gtest.h>

namespace refrain::semantic {
namespace {

TEST(answer_norms, begin_with_usual_figures) {
  const answer_norms norms;
  EXPECT_GT(norms.cosine().same, norms.cosine().unrelated);
  EXPECT_GT(norms.overlap().same, norms.overlap().unrelated);
}

TEST(answer_norms, learn_what_answers_to_one_prompt_are_like) {
  answer_norms norms;
  const auto before = norms.cosine().same;
  for (int i = 0; i < 39; ++i) norms.learn_same({.cosine = 0.95, .overlap = 0.9});
  EXPECT_EQ(norms.cosine().same, before) << "too few";
  for (int i = 0; i < 60; ++i) norms.learn_same({.cosine = 0.95, .overlap = 0.9});
  norms.learn_same({.cosine = 0.5, .overlap = 0.4});
  EXPECT_NEAR(norms.cosine().same, 0.95, 1e-6) << "one in a hundred lies lower";
  EXPECT_NEAR(norms.overlap().same, 0.9, 1e-6);
}

TEST(answer_norms, forget_old_scores) {
  answer_norms norms;
  for (int i = 0; i < 300; ++i) norms.learn_same({.cosine = 0.5, .overlap = 0.3});
  for (int i = 0; i < 300; ++i) norms.learn_same({.cosine = 0.95, .overlap = 0.9});
  EXPECT_NEAR(norms.cosine().same, 0.95, 1e-6);
}

TEST(answer_norms, never_call_the_same_what_unrelated_answers_reach) {
  answer_norms norms;
  for (int i = 0; i < 100; ++i) {
    norms.learn_same({.cosine = 0.1, .overlap = 0.1});
    norms.learn_unrelated({.cosine = 0.6, .overlap = 0.5});
  }
  EXPECT_NEAR(norms.cosine().same, 0.6, 1e-6);
  EXPECT_NEAR(norms.overlap().same, 0.5, 1e-6);
}

TEST(answer_norms, say_where_answers_cannot_be_judged) {
  answer_norms norms;
  for (int i = 0; i < 10; ++i) norms.count(sameness::unknown);
  EXPECT_TRUE(norms.is_judgeable()) << "too few";
  for (int i = 0; i < 20; ++i) norms.count(sameness::unknown);
  EXPECT_FALSE(norms.is_judgeable());
  for (int i = 0; i < 400; ++i) norms.count(i % 10 == 0 ? sameness::unknown : sameness::same);
  EXPECT_TRUE(norms.is_judgeable());
}

}  // namespace
}  // namespace refrain::semantic
