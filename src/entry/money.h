#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace refrain::entry {

/// Money as integer millionths of a US dollar. Sums of it never round.
struct micro_usd {
  std::int64_t value = 0;

  friend constexpr auto operator<=>(micro_usd, micro_usd) = default;
  friend constexpr micro_usd operator+(micro_usd a, micro_usd b) { return {a.value + b.value}; }
  constexpr micro_usd& operator+=(micro_usd other) {
    value += other.value;
    return *this;
  }
};

/// "0.001234": dollars with six decimals, as `x-refrain-saved-usd` shows them.
[[nodiscard]] std::string to_string(micro_usd amount);

/// What an answer used: tokens as the provider counted them, absent where it did not say.
struct token_usage {
  std::optional<std::uint64_t> input;         ///< all input tokens, cached ones included
  std::optional<std::uint64_t> cached_input;  ///< of these, read from the provider's own prompt cache
  std::optional<std::uint64_t> output;        ///< reasoning tokens included
  std::optional<std::uint64_t> characters{};  ///< of the text to be spoken, by which speech is billed

  friend bool operator==(const token_usage&, const token_usage&) = default;
};

}  // namespace refrain::entry
