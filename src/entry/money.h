#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace refrain::entry {

/// Money as integer millionths of a US dollar. Sums of it never round, and stay at the limit of their range where they
/// would leave it.
struct micro_usd {
  std::int64_t value = 0;

  friend constexpr auto operator<=>(micro_usd, micro_usd) = default;
  friend constexpr micro_usd operator+(micro_usd a, micro_usd b) noexcept {
    using limits = std::numeric_limits<std::int64_t>;
    micro_usd sum;
    if (!__builtin_add_overflow(a.value, b.value, &sum.value)) return sum;
    return {b.value > 0 ? limits::max() : limits::min()};
  }
  constexpr micro_usd& operator+=(micro_usd other) noexcept { return *this = *this + other; }
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
