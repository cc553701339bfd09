#include "ledger/totals.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace refrain::ledger {
namespace {

constexpr std::array<std::string_view, outcome_count> outcome_figures{"hit",  "semantic_hit", "coalesced", "stale",
                                                                      "miss", "refresh",      "bypass"};

/// Calls `visit(name, amount)` for each figure of a tally.
void each_figure(const tally& one, auto visit) {
  for (std::size_t i = 0; i < outcome_count; ++i)
    visit(outcome_figures[i], static_cast<std::int64_t>(one.by_outcome[i]));
  visit("saved", one.saved.value);
  visit("spent", one.spent.value);
  visit("unpriced", static_cast<std::int64_t>(one.unpriced));
}

bool add_figure(tally& into, std::string_view figure, std::int64_t amount) {
  if (const auto* const at = std::ranges::find(outcome_figures, figure); at != outcome_figures.end()) {
    into.by_outcome[static_cast<std::size_t>(at - outcome_figures.begin())] += static_cast<std::uint64_t>(amount);
  } else if (figure == "saved") {
    into.saved += {amount};
  } else if (figure == "spent") {
    into.spent += {amount};
  } else if (figure == "unpriced") {
    into.unpriced += static_cast<std::uint64_t>(amount);
  } else {
    return false;
  }
  return true;
}

/// The pieces between colons, empty ones too: a model may have no name.
std::vector<std::string_view> pieces_of(std::string_view name) {
  std::vector<std::string_view> pieces;
  for (auto colon = name.find(':'); colon != std::string_view::npos; colon = name.find(':')) {
    pieces.push_back(name.substr(0, colon));
    name.remove_prefix(colon + 1);
  }
  pieces.push_back(name);
  return pieces;
}

}  // namespace

std::uint64_t tally::requests() const noexcept {
  return std::accumulate(by_outcome.begin(), by_outcome.end(), std::uint64_t{0});
}

std::uint64_t tally::hits() const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (entry::is_hit(static_cast<entry::outcome>(i))) sum += by_outcome[i];
  }
  return sum;
}

std::uint64_t tally::misses() const noexcept { return count(entry::outcome::miss) + count(entry::outcome::refresh); }

tally& tally::operator+=(const tally& other) noexcept {
  for (std::size_t i = 0; i < outcome_count; ++i) by_outcome[i] += other.by_outcome[i];
  saved += other.saved;
  spent += other.spent;
  unpriced += other.unpriced;
  return *this;
}

tally totals::all() const {
  tally sum;
  for (const auto& [key, one] : rows) sum += one;
  return sum;
}

entry::counter_deltas to_counters(const totals& what, std::int64_t day) {
  entry::counter_deltas counters;
  for (const auto& [key, one] : what.rows) {
    const auto prefix = fmt::format("{}:{}:{}:", entry::to_string(key.type), base::percent_encode(key.upstream),
                                    base::percent_encode(key.model));
    each_figure(one, [&](std::string_view figure, std::int64_t amount) {
      if (amount != 0) counters.push_back({.day = day, .name = prefix + std::string(figure), .amount = amount});
    });
  }
  return counters;
}

bool add_counter(totals& into, const entry::counter_delta& counter) {
  const auto pieces = pieces_of(counter.name);
  if (pieces.size() != 4) return false;
  const auto type = entry::cache_type_from(pieces[0]);
  auto upstream = base::percent_decode(pieces[1]);
  auto model = base::percent_decode(pieces[2]);
  tally one;
  if (!type || !upstream || !model || !add_figure(one, pieces[3], counter.amount)) return false;
  into.rows[{.type = *type, .upstream = *std::move(upstream), .model = *std::move(model)}] += one;
  return true;
}

}  // namespace refrain::ledger
