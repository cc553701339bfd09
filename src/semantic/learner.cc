#include "semantic/learner.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

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

/// The classes that a request belongs to, narrowest first: `cosine route NAME`, `cosine tenant NAME`, `cosine all`.
std::array<std::string, 3> names_of(const request_class& whose) {
  const std::string measure{whose.measure};
  return {measure + " route " + whose.route, measure + " tenant " + whose.tenant, measure + " all"};
}

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
  const auto [route, tenant, all] = names_of(whose);
  for (const auto& name : {route, tenant}) {
    const auto* const one = find(name, where);
    if (one != nullptr && (one->labels >= enough_labels || one->alarmed)) return one;
  }
  return find(all, where);
}

verdict learner::decide(const request_class& whose, bin where, double score, double draw) {
  for (const auto& name : names_of(whose)) {
    auto& one = at(name, where);
    one.seen.meet(score);
    one.fresh.meet(score);
  }
  const auto* const one = deciding(whose, where);
  if (!one->from) return one->alarmed ? verdict::alarm : verdict::no_evidence;
  if (score < *one->from) return verdict::below;
  return draw < (one->alarmed ? options_.explore_after_alarm : options_.explore_rate) ? verdict::explore
                                                                                      : verdict::serve;
}

void learner::label(const request_class& whose, bin where, double score, bool different) {
  const auto [route_name, tenant_name, all_name] = names_of(whose);
  auto& all = at(all_name, where);
  auto& tenant = at(tenant_name, where);
  label_one(all, nullptr, score, different);
  label_one(tenant, &all, score, different);
  label_one(at(route_name, where), &tenant, score, different);
}

void learner::label_one(account& one, const account* wider, double score, bool different) {
  one.seen.fade(std::exp2(-1 / options_.half_life));
  one.seen.label(score, different);
  one.fresh.label(score, different);
  one.labels += 1;
  if (one.from && score >= *one.from) {
    one.recent += 1;
    one.recent_different += different ? 1 : 0;
    if (has_drifted(std::max(one.wrong_at_look, options_.wanted.max_wrong / 2), one.recent, one.recent_different)) {
      one.alarm_is_fresh = true;
      return raise_alarm(one, one.alarms + 1);
    }
  }
  if (one.looks->is_due(one.labels)) look(one, wider);
}

/// What was known is void: from here on it learns anew.
void learner::raise_alarm(account& one, std::uint64_t alarms) {
  one = account{.seen = {},
                .from = {},
                .alarmed = true,
                .looks = schedule{options_.wanted},
                .alarms = alarms,
                .alarm_is_fresh = one.alarm_is_fresh};
}

std::map<learner::account_key, learner::news> learner::drain() {
  std::map<account_key, news> all;
  for (auto& [key, one] : accounts_) {
    if (one.fresh.empty() && !one.alarm_is_fresh) continue;
    all.emplace(key, news{std::exchange(one.fresh, {}), one.alarms, std::exchange(one.alarm_is_fresh, false)});
  }
  return all;
}

void learner::take_in(const account_key& of, const common& all) {
  auto& one = at(of.first, of.second);
  if (all.alarms > one.alarms) raise_alarm(one, all.alarms);
  if (all.alarms < one.alarms) return;  // they have not heard of ours yet
  one.seen = all.seen;
  one.seen.add(one.fresh);
  one.labels = all.labels + one.fresh.labels();
  if (one.looks->is_due(one.labels)) look(one, nullptr);
}

void learner::look(account& one, const account* wider) {
  // After an alarm, what the wider class knows is what misled.
  const auto known = wider == nullptr || one.alarmed ? one.seen : one.seen.borrowing(wider->seen, options_.borrowed);
  const auto max_wrong = options_.wanted.max_wrong;
  const auto risk = one.looks->risk();
  if (!known.could_prove(max_wrong, risk)) return one.looks->put_off(one.labels);
  one.looks->looked(one.labels);
  const auto wrong_from = [&known](double score) { return known.at_or_above_score(score).wrong; };
  const auto found = known.threshold(max_wrong, risk);
  // What was proved once stays so, unless it has turned out otherwise; few labels alone disprove nothing.
  const bool stands = one.from && wrong_from(*one.from) <= max_wrong;
  if (!stands || (found && *found < *one.from)) one.from = found;
  one.recent = 0;
  one.recent_different = 0;
  if (one.from) one.wrong_at_look = wrong_from(*one.from);
}

bool learner::could_serve(const request_class& whose) const {
  for (auto any = whose; const auto measure : {"pair", "cosine"}) {
    any.measure = measure;
    for (auto where = bin::clean; where <= bin::entity_missing; where = static_cast<bin>(static_cast<int>(where) + 1)) {
      if (threshold(any, where)) return true;
    }
  }
  return false;
}

std::optional<double> learner::threshold(const request_class& whose, bin where) const {
  const auto* const one = deciding(whose, where);
  return one == nullptr ? std::nullopt : one->from;
}

}  // namespace refrain::semantic
