#include "semantic/evidence.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace refrain::semantic {
namespace {

std::size_t cell_of(double score) noexcept {
  const auto place = std::clamp(score, 0.0, 1.0) * evidence::cell_count;
  return std::min(static_cast<std::size_t>(place), evidence::cell_count - 1);
}

}  // namespace

cell& cell::operator+=(const cell& other) noexcept {
  traffic += other.traffic;
  labelled += other.labelled;
  different += other.different;
  return *this;
}

void evidence::meet(double score) noexcept { cells_[cell_of(score)].traffic += 1; }

void evidence::label(double score, bool different) noexcept {
  auto& at = cells_[cell_of(score)];
  at.labelled += 1;
  if (different) at.different += 1;
}

void evidence::add(const evidence& others) noexcept {
  for (std::size_t i = 0; i < cell_count; ++i) cells_[i] += others.cells_[i];
}

void evidence::fade(double factor) noexcept {
  for (auto& [traffic, labelled, different] : cells_) {
    traffic *= factor;
    labelled *= factor;
    different *= factor;
  }
}

bool evidence::empty() const noexcept {
  return std::ranges::all_of(cells_, [](const cell& one) { return one.traffic == 0 && one.labelled == 0; });
}

double evidence::labels() const noexcept {
  double sum = 0;
  for (const auto& one : cells_) sum += one.labelled;
  return sum;
}

evidence evidence::borrowing(const evidence& wider, double worth) const noexcept {
  const auto all = wider.labels();
  if (all <= 0) return *this;
  auto lent = wider;
  lent.fade(std::min(worth / all, 1.0));
  // What is lent says how answers are, not how much is asked here.
  for (auto& one : lent.cells_) one.traffic = 0;
  lent.add(*this);
  return lent;
}

evidence::estimate evidence::at_or_above(std::size_t first_cell) const noexcept {
  estimate all;
  double wrong = 0;
  double spread = 0;
  for (std::size_t i = first_cell; i < cell_count; ++i) {
    const auto& one = cells_[i];
    if (one.traffic <= 0) continue;
    // A label more than there are, and that one wrong, where there is none.
    const bool known = one.labelled > 0;
    wrong += one.traffic * (known ? one.different / one.labelled : 1);
    spread += one.traffic * one.traffic / (known ? one.labelled : 1);
    all.traffic += one.traffic;
  }
  if (all.traffic <= 0) return all;
  all.wrong = wrong / all.traffic;
  all.worth = all.traffic * all.traffic / spread;
  return all;
}

evidence::estimate evidence::at_or_above_score(double score) const noexcept {
  return at_or_above(static_cast<std::size_t>(std::lround(score * cell_count)));
}

std::optional<double> evidence::threshold(double max_wrong, double risk) const noexcept {
  const auto quantile = normal_quantile(1 - risk);
  std::optional<double> found;
  for (std::size_t i = cell_count; i-- > 0;) {
    if (cells_[i].traffic <= 0) continue;
    const auto seen = at_or_above(i);
    // Before this, not even zero errors would prove enough: that is no failure, for it does not depend on the errors.
    if (wilson_upper_bound(0, seen.worth, quantile) > max_wrong && !found) continue;
    if (wilson_upper_bound(seen.wrong, seen.worth, quantile) > max_wrong) break;
    found = static_cast<double>(i) / cell_count;
  }
  return found;
}

bool evidence::could_prove(double max_wrong, double risk) const noexcept {
  const auto quantile = normal_quantile(1 - risk);
  for (std::size_t i = 0; i < cell_count; ++i) {
    if (wilson_upper_bound(0, at_or_above(i).worth, quantile) <= max_wrong) return true;
  }
  return false;
}

double wilson_upper_bound(double share, double count, double quantile) noexcept {
  if (count <= 0) return 1;
  const auto square = quantile * quantile;
  const auto middle = share + square / (2 * count);
  const auto spread = quantile * std::sqrt(share * (1 - share) / count + square / (4 * count * count));
  return std::min(1.0, (middle + spread) / (1 + square / count));
}

double normal_quantile(double probability) noexcept {
  constexpr std::array a{-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                         1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr std::array b{-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
                         -1.328068155288572e+01};
  constexpr std::array c{-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                         -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  constexpr std::array d{7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00};
  constexpr double tail = 0.02425;
  const auto p = std::clamp(probability, 1e-12, 1 - 1e-12);
  if (p > 1 - tail) return -normal_quantile(1 - p);
  if (p < tail) {
    const auto q = std::sqrt(-2 * std::log(p));
    return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
           ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
  }
  const auto q = p - 0.5;
  const auto r = q * q;
  return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
         (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

double schedule::risk() const noexcept {
  // Shares that sum to 1 over all looks: 6 / pi^2 / k^2.
  const double look = looks_ + 1;
  return (1 - wanted_.confidence) * 6 / (std::numbers::pi * std::numbers::pi * look * look);
}

void schedule::looked(double labels) noexcept {
  ++looks_;
  next_ = 2 * labels;
}

}  // namespace refrain::semantic
