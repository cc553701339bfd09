#include "semantic/kept_evidence.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace refrain::semantic {
namespace {

constexpr std::string_view prefix = "semantic:";
constexpr double half_life_in_days = 7;

/// What stands before the next colon; `rest` goes on behind it.
std::string_view take_piece(std::string_view& rest) {
  const auto colon = std::min(rest.find(':'), rest.size());
  const auto piece = rest.substr(0, colon);
  rest.remove_prefix(std::min(colon + 1, rest.size()));
  return piece;
}

/// A counter's name, read.
struct counted {
  learner::account_key of;
  bool is_alarm = false;
  std::uint64_t alarms = 0;
  std::size_t cell = 0;
  std::string_view what;
};

std::optional<counted> read_name(std::string_view name) {
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  auto whose = base::percent_decode(take_piece(name));
  const auto where = bin_from(take_piece(name));
  if (!whose || !where) return std::nullopt;
  counted made{.of = {std::move(*whose), *where}, .what = {}};
  if (name == "alarms") {
    made.is_alarm = true;
    return made;
  }
  const auto alarms = base::to_integer<std::uint64_t>(take_piece(name));
  const auto cell = base::to_integer<std::size_t>(take_piece(name));
  if (!alarms || !cell || *cell >= evidence::cell_count) return std::nullopt;
  made.alarms = *alarms;
  made.cell = *cell;
  made.what = name;
  return made;
}

cell counts_of(std::string_view what, double amount) noexcept {
  if (what == "met") return {.traffic = amount};
  if (what == "labelled") return {.labelled = amount};
  if (what == "different") return {.different = amount};
  return {};
}

}  // namespace

entry::counter_deltas to_counters(const std::map<learner::account_key, learner::news>& what, std::int64_t day) {
  entry::counter_deltas all;
  const auto add = [&](std::string name, double amount) {
    if (amount > 0) all.push_back({.day = day, .name = std::move(name), .amount = std::llround(amount)});
  };
  for (const auto& [key, news] : what) {
    const auto stem = fmt::format("{}{}:{}", prefix, base::percent_encode(key.first), to_string(key.second));
    if (news.alarmed) add(stem + ":alarms", 1);
    for (std::size_t i = 0; i < evidence::cell_count; ++i) {
      const auto& seen = news.seen.cells()[i];
      const auto place = fmt::format("{}:{}:{}", stem, news.alarms, i);
      add(place + ":met", seen.traffic);
      add(place + ":labelled", seen.labelled);
      add(place + ":different", seen.different);
    }
  }
  return all;
}

void take_in(learner& into, const entry::counter_deltas& kept, std::int64_t today) {
  std::map<learner::account_key, learner::common> all;
  for (const auto& one : kept) {
    if (const auto name = read_name(one.name); name && name->is_alarm) {
      all[name->of].alarms += static_cast<std::uint64_t>(one.amount);
    }
  }
  for (const auto& one : kept) {
    const auto name = read_name(one.name);
    if (!name || name->is_alarm) continue;
    auto& common = all[name->of];
    if (name->alarms != common.alarms) continue;
    const auto amount = static_cast<double>(one.amount);
    const auto age = static_cast<double>(std::max<std::int64_t>(0, today - one.day));
    common.seen.add(name->cell, counts_of(name->what, amount * std::exp2(-age / half_life_in_days)));
    if (name->what == "labelled") common.labels += amount;
  }
  for (const auto& [key, common] : all) into.take_in(key, common);
}

}  // namespace refrain::semantic
