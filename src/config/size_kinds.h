#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/text.h"
#include "config/kinds.h"

// The kinds of values that are sizes in bytes (kinds.h).
namespace refrain::config::kinds {

std::optional<base::byte_count> parse_bytes(std::string_view text, std::uint64_t least);
std::string print_bytes(base::byte_count value);
std::string form_of_bytes(std::uint64_t least);

/// Sizes of `Least` bytes to 1 PiB.
template <std::uint64_t Least>
struct size : kind {
  static constexpr std::string_view unit = "bytes";
  static std::optional<base::byte_count> parse(std::string_view text) { return parse_bytes(text, Least); }
  static std::string print(base::byte_count value) { return print_bytes(value); }
  static std::string form() { return form_of_bytes(Least); }
};

/// The same, or 0, which turns the thing off.
template <std::uint64_t Least>
struct size_or_off : size<Least> {
  static std::optional<base::byte_count> parse(std::string_view text) {
    if (base::trim(text) == "0") return base::byte_count{};
    return size<Least>::parse(text);
  }
  static std::string form() { return size<Least>::form() + ", or 0 for none"; }
};

}  // namespace refrain::config::kinds
