#include "semantic/learner.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace refrain::semantic {
namespace {

/// A class with fewer labels of its own is decided by the wider one.
constexpr double enough_labels = 200;

/// So unlikely must what was seen lately be, if nothing has changed.
constexpr double alarm_risk = 1e-3;
/// Labels above the threshold at which this is looked at first, and then at twice as many each time: a test that is
/// made at every label finds by chance what it looks for.
constexpr double first_check = 40;

bool is_check_due(double recent) noexcept {
  const auto times = std::log2(recent / first_check);
  return times >= 0 && times == std::floor(times);
}

std::string name_of_route(const request_class& whose) { return "route " + whose.route; }
std::string name_of_tenant(const request_class& whose) { return "tenant " + whose.tenant; }
const std::string everybody = "all";

/// Whether a share among recent labels is more than chance makes of the share that was calibrated: a test of two
/// proportions, with the calibrated one as known.
bool has_drifted(double calibrated, double recent, double different) noexcept {
  if (!is_check_due(recent)) return false;
  const auto expected = calibrated * recent;
  const auto spread = std::sqrt(recent * calibrated * (1 - calibrated));
  return different - 0.5 > expected + normal_quantile(1 - alarm_risk) * std::max(spread, 0.5);
}

}  // namespace

std::string_view to_string(verdict what) noexcept {
  static constexpr std::array<std::string_view, 5> names{"serve", "explore", "no_evidence", "below", "alarm"};
  return names[static_cast<std::size_t>(what)];
}

learner::account& learner::at(const std::string& name, bin where) {
  auto& one = accounts_[{name, where}];
  if (!one.looks) one.looks.emplace(options_.wanted);
  return one;
}

const learner::account* learner::find(const std::string& name, bin where) const {
  const auto known = accounts_.find({name, where});
  return known == accounts_.end() ? nullptr : &known->second;
}

const learner::account* learner::deciding(const request_class& whose, bin where) const {
  for (const auto& name : {name_of_route(whose), name_of_tenant(whose)}) {
    const auto* const one = find(name, where);
    if (one != nullptr && (one->labels >= enough_labels || one->alarmed)) return one;
  }
  return find(everybody, where);
}

verdict learner::decide(const request_class& whose, bin where, double score, double draw) {
  for (const auto& name : {name_of_route(whose), name_of_tenant(whose), everybody}) at(name, where).seen.meet(score);
  const auto* const one = deciding(whose, where);
  if (!one->from) return one->alarmed ? verdict::alarm : verdict::no_evidence;
  if (score < *one->from) return verdict::below;
  return draw < (one->alarmed ? options_.explore_after_alarm : options_.explore_rate) ? verdict::explore
                                                                                      : verdict::serve;
}

void learner::label(const request_class& whose, bin where, double score, bool different) {
  auto& all = at(everybody, where);
  auto& tenant = at(name_of_tenant(whose), where);
  label_one(all, nullptr, score, different);
  label_one(tenant, &all, score, different);
  label_one(at(name_of_route(whose), where), &tenant, score, different);
}

void learner::label_one(account& one, const account* wider, double score, bool different) {
  one.seen.fade(std::exp2(-1 / options_.half_life));
  one.seen.label(score, different);
  one.labels += 1;
  if (one.from && score >= *one.from) {
    one.recent += 1;
    one.recent_different += different ? 1 : 0;
    if (has_drifted(std::max(one.wrong_at_look, options_.wanted.max_wrong / 2), one.recent, one.recent_different)) {
      one = account{.seen = {}, .from = {}, .alarmed = true, .looks = schedule{options_.wanted}};
      return;
    }
  }
  if (one.looks->is_due(one.labels)) look(one, wider);
}

void learner::look(account& one, const account* wider) {
  // After an alarm, what the wider class knows is what misled.
  const auto known = wider == nullptr || one.alarmed ? one.seen : one.seen.borrowing(wider->seen, options_.borrowed);
  const auto max_wrong = options_.wanted.max_wrong;
  const auto risk = one.looks->risk();
  if (!known.could_prove(max_wrong, risk)) return one.looks->put_off(one.labels);
  one.looks->looked(one.labels);
  const auto wrong_from = [&known](double score) {
    return known.at_or_above(static_cast<std::size_t>(std::lround(score * evidence::cell_count))).wrong;
  };
  const auto found = known.threshold(max_wrong, risk);
  // What was proved once stays so, unless it has turned out otherwise; few labels alone disprove nothing.
  const bool stands = one.from && wrong_from(*one.from) <= max_wrong;
  if (!stands || (found && *found < *one.from)) one.from = found;
  one.recent = 0;
  one.recent_different = 0;
  if (one.from) one.wrong_at_look = wrong_from(*one.from);
}

std::optional<double> learner::threshold(const request_class& whose, bin where) const {
  const auto* const one = deciding(whose, where);
  return one == nullptr ? std::nullopt : one->from;
}

}  // namespace refrain::semantic
