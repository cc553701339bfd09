#include "semantic/standing.h"

#include <algorithm>

namespace refrain::semantic {
namespace {

/// How far above the score of a wrong answer its entry is barred.
constexpr double margin = 0.02;
constexpr unsigned most_different = 2;

}  // namespace

void standing::label(const base::digest256& entry, const base::digest256& asker, double score, bool different) {
  const auto [known, fresh] = records_.try_emplace(entry);
  if (fresh) order_.push_back(entry);
  auto& one = known->second;
  if (different) {
    one.different += 1;
    one.barred_below = std::max(one.barred_below, score + margin);
    one.agreeing = 0;
  } else if (one.agreeing == 0) {
    one.first_to_agree = asker;
    one.agreeing = 1;
  } else if (one.first_to_agree != asker) {
    one.agreeing = 2;
  }
  if (order_.size() > most) {
    records_.erase(order_.front());
    order_.pop_front();
  }
}

bool standing::is_quarantined(const base::digest256& entry, double score) const {
  const auto known = records_.find(entry);
  if (known == records_.end()) return false;
  return known->second.different >= most_different || score < known->second.barred_below;
}

bool standing::is_confirmed(const base::digest256& entry) const {
  const auto known = records_.find(entry);
  return known != records_.end() && known->second.agreeing >= 2;
}

std::size_t standing::quarantined() const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(records_, [](const auto& one) { return one.second.different > 0; }));
}

}  // namespace refrain::semantic
