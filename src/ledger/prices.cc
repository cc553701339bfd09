#include "ledger/prices.h"

#include <algorithm>

#include "base/text.h"

namespace refrain::ledger {

/// data/prices.toml, put into the program by the build.
extern const std::string_view embedded_prices;

namespace {

bool is_digits(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether the end of a name says only which edition it is: `2024-08-06`, `20251101`, `0613`, `001`, `latest`.
/// A shorter number (`claude-opus-4-9`) or a word (`gpt-4o-audio`) may be another model at another price.
bool is_edition(std::string_view ending) noexcept {
  if (ending == "latest") return true;
  std::size_t digits = 0;
  for (const auto part : base::split(ending, '-')) {
    if (!is_digits(part)) return false;
    digits += part.size();
  }
  return digits >= 3;
}

/// Adds tokens x rate; false where it leaves the range of the sum.
bool add(std::int64_t& sum, std::uint64_t tokens, pico_usd rate) noexcept {
  std::int64_t amount = 0;
  return !__builtin_mul_overflow(tokens, rate.value, &amount) && !__builtin_add_overflow(sum, amount, &sum);
}

}  // namespace

const price* price_table::find_in(const models& rows, std::string_view model) const {
  if (const auto row = rows.find(model); row != rows.end()) return &row->second;
  // The longest name that leaves nothing but an edition.
  for (auto cut = model.find_last_of("-@"); cut != std::string_view::npos && cut > 0;
       cut = model.find_last_of("-@", cut - 1)) {
    const auto row = rows.find(model.substr(0, cut));
    if (row != rows.end() && is_edition(model.substr(cut + 1))) return &row->second;
  }
  return nullptr;
}

const price* price_table::find_named(std::string_view upstream, std::string_view model) const {
  const auto own = providers_.find(upstream);
  if (own != providers_.end()) {
    if (const auto* const row = find_in(own->second, model)) return row;
  }
  for (const auto& [provider, rows] : providers_) {
    if (const auto* const row = find_in(rows, model)) return row;
  }
  return nullptr;
}

const price* price_table::find(std::string_view upstream, std::string_view model) const {
  if (const auto* const row = find_named(upstream, model)) return row;
  const auto slash = model.find('/');
  if (slash == std::string_view::npos) return nullptr;
  const auto provider = providers_.find(model.substr(0, slash));
  return provider == providers_.end() ? nullptr : find_in(provider->second, model.substr(slash + 1));
}

std::optional<entry::micro_usd> price_table::cost(std::string_view upstream, std::string_view model,
                                                  const entry::token_usage& usage) const {
  const auto* const row = find(upstream, model);
  return row ? cost_at(*row, usage) : std::nullopt;
}

std::size_t price_table::size() const noexcept {
  std::size_t rows = 0;
  for (const auto& [provider, models] : providers_) rows += models.size();
  return rows;
}

std::optional<entry::micro_usd> cost_at(const price& row, const entry::token_usage& usage) {
  constexpr std::int64_t pico_in_micro = 1'000'000;
  if (const auto each = row.rates.character) {
    std::int64_t sum = pico_in_micro / 2;
    if (!usage.characters || !add(sum, *usage.characters, *each)) return std::nullopt;
    return entry::micro_usd{sum / pico_in_micro};
  }
  if (!usage.input) return std::nullopt;
  const auto& rates = row.long_above && *usage.input > *row.long_above ? row.long_rates : row.rates;
  if (!usage.output && rates.output.value != 0) return std::nullopt;

  const auto cached = std::min(usage.cached_input.value_or(0), *usage.input);
  std::int64_t sum = pico_in_micro / 2;
  const bool sane = add(sum, *usage.input - cached, rates.input) && add(sum, cached, rates.cached_input) &&
                    add(sum, usage.output.value_or(0), rates.output);
  if (!sane) return std::nullopt;
  return entry::micro_usd{sum / pico_in_micro};
}

const price_table& built_in_prices() {
  // A fault in it is a fault of the build; prices_test finds it.
  static const auto table = price_table::parse(embedded_prices, "data/prices.toml").value_or(price_table{});
  return table;
}

}  // namespace refrain::ledger
