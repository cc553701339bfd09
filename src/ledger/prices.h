#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "entry/money.h"

namespace refrain::ledger {

/// Millionths of a micro-dollar: what one token costs, as an integer. A dollar per million tokens is 1,000,000 of them.
struct pico_usd {
  std::int64_t value = 0;

  friend constexpr auto operator<=>(pico_usd, pico_usd) = default;
};

/// What the tokens of one request cost, or the characters that it has spoken.
struct token_rates {
  pico_usd input;
  pico_usd cached_input;  ///< of tokens that the provider read from its own prompt cache
  pico_usd output;
  std::optional<pico_usd> character{};  ///< set: characters are all that is billed

  friend bool operator==(const token_rates&, const token_rates&) = default;
};

/// One row of the price table.
struct price {
  token_rates rates;
  std::optional<std::uint64_t> long_above;  ///< requests with more input tokens than this cost `long_rates`
  token_rates long_rates;
  std::string date;    ///< when it was read, `2026-11-22`
  std::string source;  ///< where: the provider's price list

  friend bool operator==(const price&, const price&) = default;
};

/// Prices by provider and model. Immutable once read: any thread.
class price_table {
 public:
  /// Reads TOML in the form of data/prices.toml. `origin` names the text in errors (bad_config): a file's path.
  [[nodiscard]] static base::result<price_table> parse(std::string_view toml, std::string_view origin);

  /// The row for a model as a request names it: by itself, without the date that ends it (`gpt-4o-2024-08-06`,
  /// `claude-opus-4-5@20251101`), without the provider that begins it (`openai/gpt-4o`). Rows of the provider that is
  /// called as `upstream` is come first, then those of any other. Null where there is none.
  [[nodiscard]] const price* find(std::string_view upstream, std::string_view model) const;

  /// What an answer cost. Nothing, and never 0, where the price or a count that it needs is unknown.
  [[nodiscard]] std::optional<entry::micro_usd> cost(std::string_view upstream, std::string_view model,
                                                     const entry::token_usage& usage) const;

  [[nodiscard]] std::size_t size() const noexcept;

 private:
  using models = std::map<std::string, price, std::less<>>;

  [[nodiscard]] const price* find_in(const models& rows, std::string_view model) const;
  [[nodiscard]] const price* find_named(std::string_view upstream, std::string_view model) const;

  std::map<std::string, models, std::less<>> providers_;
};

/// The table that comes with the program.
[[nodiscard]] const price_table& built_in_prices();

/// What these tokens cost at these rates, rounded once at the end; nothing where a count is missing or absurd.
[[nodiscard]] std::optional<entry::micro_usd> cost_at(const price& row, const entry::token_usage& usage);

}  // namespace refrain::ledger
