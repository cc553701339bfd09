#pragma once

#include <cstdint>
#include <map>

#include "entry/counters.h"
#include "semantic/learner.h"

namespace refrain::semantic {

/// What was learned, as counters that outlive the process and that gateways share: they only ever add up. One is named
/// `semantic:{class}:{bin}:{alarms}:{cell}:{met|labelled|different}`, the class percent-encoded; `{alarms}` counts the
/// alarms of that class before, so that each alarm begins a new set of counters. `semantic:{class}:{bin}:alarms` counts
/// them.
[[nodiscard]] entry::counter_deltas to_counters(const std::map<learner::account_key, learner::news>& what,
                                                std::int64_t day);

/// So many days of them are worth reading: older ones have faded.
inline constexpr std::int64_t days_of_evidence = 35;

/// Has a learner take in all counters that a store has kept. Evidence fades to a half in a week. Counters of another
/// kind are left alone.
void take_in(learner& into, const entry::counter_deltas& kept, std::int64_t today);

}  // namespace refrain::semantic
