#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/text.h"
#include "config/kinds.h"

// The kinds of values that are numbers within bounds (kinds.h).
namespace refrain::config::kinds {

using sec = std::chrono::seconds;
using msec = std::chrono::milliseconds;

std::optional<unsigned> parse_whole(std::string_view given);
std::string form_of_whole(unsigned least, unsigned most);
std::optional<sec> parse_seconds(std::string_view given);
std::string form_of_seconds(sec least, sec most);
std::string form_of_milliseconds(msec least, msec most);
std::string form_of_size(base::byte_count least);
bool is_auto(std::string_view given) noexcept;

template <class Value>
[[nodiscard]] std::optional<Value> within(std::optional<Value> value, Value least, Value most) {
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

/// Whole numbers from `Least` to `Most`.
template <unsigned Least, unsigned Most>
inline constexpr kind<unsigned> whole{
    .parse = [](std::string_view given) { return within(parse_whole(given), Least, Most); },
    .print = [](const unsigned& value) { return std::to_string(value); },
    .form = [] { return form_of_whole(Least, Most); }};

/// Durations in whole seconds from `Least` to `Most` seconds.
template <std::int64_t Least, std::int64_t Most>
inline constexpr kind<sec> seconds{
    .parse = [](std::string_view given) { return within(parse_seconds(given), sec{Least}, sec{Most}); },
    .print = [](const sec& value) { return print_duration(value); },
    .form = [] { return form_of_seconds(sec{Least}, sec{Most}); },
    .unit = "seconds"};

/// `auto`, which is nothing, or a duration from `Least` to `Most` milliseconds.
template <std::int64_t Least, std::int64_t Most>
inline constexpr kind<std::optional<msec>> auto_or_milliseconds{
    .parse = [](std::string_view given) -> std::optional<std::optional<msec>> {
      if (is_auto(given)) return std::optional<msec>{};
      const auto value = within(parse_duration(given, msec{1}), msec{Least}, msec{Most});
      if (!value) return std::nullopt;
      return value;
    },
    .print = [](const auto& value) { return value ? print_duration(*value) : "auto"; },
    .form = [] { return form_of_milliseconds(msec{Least}, msec{Most}) + "; or auto"; },
    .unit = "milliseconds"};

/// Sizes of `Least` bytes to 1 PiB.
inline constexpr base::byte_count most_bytes{1ull << 50};
template <std::uint64_t Least>
inline constexpr kind<base::byte_count> size{
    .parse = [](std::string_view given) { return within(parse_size(given), base::byte_count{Least}, most_bytes); },
    .print = [](const base::byte_count& value) { return print_size(value); },
    .form = [] { return form_of_size({Least}); },
    .unit = "bytes"};

/// The same, or 0, which turns the thing off.
template <std::uint64_t Least>
inline constexpr kind<base::byte_count> size_or_off{
    .parse =
        [](std::string_view given) {
          return base::trim(given) == "0" ? std::optional(base::byte_count{}) : size<Least>.parse(given);
        },
    .print = size<Least>.print,
    .form = [] { return size<Least>.form() + ", or 0 for none"; },
    .unit = "bytes"};

}  // namespace refrain::config::kinds
