#include "semantic/answer_norms.h"

#include <algorithm>

namespace refrain::semantic {
namespace {

/// Before there are figures of the class: cautious ones, for MiniLM's vectors.
constexpr answer_norms::bounds usual_cosine{.same = 0.8, .unrelated = 0.35};
constexpr answer_norms::bounds usual_overlap{.same = 0.4, .unrelated = 0.15};

constexpr std::size_t most_scores = 256;
/// A 5th percentile of fewer is the least of them.
constexpr std::size_t least_scores = 40;
constexpr double tail = 0.05;

/// Pairs of which the older ones count less, so that a class may become judgeable again.
constexpr double fading = 0.995;
constexpr double least_judged = 20;
constexpr double most_unknown = 0.2;

}  // namespace

void answer_norms::sample::add(double score) {
  if (scores_.size() < most_scores) return scores_.push_back(static_cast<float>(score));
  scores_[next_] = static_cast<float>(score);
  next_ = (next_ + 1) % most_scores;
}

std::optional<double> answer_norms::sample::quantile(double share) const {
  if (scores_.size() < least_scores) return std::nullopt;
  auto sorted = scores_;
  const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(sorted.size()));
  std::ranges::nth_element(sorted, at);
  return *at;
}

void answer_norms::learn_same(const likeness& answers) {
  if (answers.cosine) cosines_.same.add(*answers.cosine);
  overlaps_.same.add(answers.overlap);
}

void answer_norms::learn_unrelated(const likeness& answers) {
  if (answers.cosine) cosines_.unrelated.add(*answers.cosine);
  overlaps_.unrelated.add(answers.overlap);
}

/// Where a model answers one prompt so differently that its answers are like unrelated ones, the latter decide.
answer_norms::bounds answer_norms::bounds_of(const samples& seen, const bounds& before) {
  const auto unrelated = seen.unrelated.quantile(1 - tail).value_or(before.unrelated);
  return {std::max(seen.same.quantile(tail).value_or(before.same), unrelated), unrelated};
}

answer_norms::bounds answer_norms::cosine() const { return bounds_of(cosines_, usual_cosine); }
answer_norms::bounds answer_norms::overlap() const { return bounds_of(overlaps_, usual_overlap); }

void answer_norms::count(sameness what) noexcept {
  judged_ = judged_ * fading + 1;
  unknown_ = unknown_ * fading + (what == sameness::unknown ? 1 : 0);
}

double answer_norms::unknown() const noexcept { return judged_ > 0 ? unknown_ / judged_ : 0; }

bool answer_norms::is_judgeable() const noexcept { return judged_ < least_judged || unknown() <= most_unknown; }

}  // namespace refrain::semantic
