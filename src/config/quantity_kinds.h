#pragma once

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "base/bytes.h"
#include "base/text.h"
#include "config/kinds.h"

// The kinds of values that are numbers within bounds (kinds.h).
namespace refrain::config::kinds {

using sec = std::chrono::seconds;
using msec = std::chrono::milliseconds;

template <class Value>
[[nodiscard]] std::optional<Value> within(std::optional<Value> value, Value least, Value most) {
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

/// Whole numbers from `Least` to `Most`.
template <unsigned Least, unsigned Most>
inline constexpr kind<unsigned> whole{
    .parse = [](std::string_view given) { return within(base::to_integer<unsigned>(base::trim(given)), Least, Most); },
    .print = [](const unsigned& value) { return std::to_string(value); },
    .form = [] { return fmt::format("a whole number from {} to {}", Least, Most); }};

/// Numbers of at least 0, or `none`, which is nothing.
inline constexpr kind<std::optional<double>> number_or_none{
    .parse = [](std::string_view given) -> std::optional<std::optional<double>> {
      const auto text = base::trim(given);
      if (base::equal_ignoring_case(text, "none")) return std::optional<double>{};
      double value = 0;
      const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (fault != std::errc{} || end != text.data() + text.size() || !(value >= 0) || std::isinf(value)) {
        return std::nullopt;
      }
      return value;
    },
    .print = [](const auto& value) { return value ? fmt::to_string(*value) : "none"; },
    .form = says<"a number of at least 0, such as 0.3, or none">};

/// A part of a whole: numbers from 0 to 1.
inline constexpr kind<double> share{.parse =
                                        [](std::string_view given) {
                                          const auto value = number_or_none.parse(given).value_or(std::nullopt);
                                          return within(value, 0.0, 1.0);
                                        },
                                    .print = [](const double& value) { return fmt::to_string(value); },
                                    .form = says<"a number from 0 to 1, such as 0.05">};

/// The same, or `none`, which is nothing.
inline constexpr kind<std::optional<double>> share_or_none{
    .parse = [](std::string_view given) -> std::optional<std::optional<double>> {
      const auto value = number_or_none.parse(given);
      if (!value || (*value && **value > 1)) return std::nullopt;
      return value;
    },
    .print = number_or_none.print,
    .form = says<"a number from 0 to 1, such as 0.9, or none">};

/// Durations in whole seconds from `Least` to `Most` seconds.
template <std::int64_t Least, std::int64_t Most>
inline constexpr kind<sec> seconds{
    .parse = [](std::string_view given) -> std::optional<sec> {
      const auto value = within(parse_duration(given, sec{1}), msec{sec{Least}}, msec{sec{Most}});
      if (!value || *value % sec{1} != msec{0}) return std::nullopt;
      return std::chrono::duration_cast<sec>(*value);
    },
    .print = [](const sec& value) { return print_duration(value); },
    .form =
        [] {
          return fmt::format("a duration in whole seconds, such as \"90 s\" or \"5 min\", from {} to {}",
                             print_duration(sec{Least}), print_duration(sec{Most}));
        },
    .unit = "seconds"};

/// `auto`, which is nothing, or a duration from `Least` to `Most` milliseconds.
template <std::int64_t Least, std::int64_t Most>
inline constexpr kind<std::optional<msec>> auto_or_milliseconds{
    .parse = [](std::string_view given) -> std::optional<std::optional<msec>> {
      if (base::equal_ignoring_case(base::trim(given), "auto")) return std::optional<msec>{};
      const auto value = within(parse_duration(given, msec{1}), msec{Least}, msec{Most});
      if (!value) return std::nullopt;
      return value;
    },
    .print = [](const auto& value) { return value ? print_duration(*value) : "auto"; },
    .form =
        [] {
          return fmt::format("a duration, such as \"200 ms\", from {} to {}; or auto", print_duration(msec{Least}),
                             print_duration(msec{Most}));
        },
    .unit = "milliseconds"};

/// Sizes of `Least` bytes to 1 PiB.
inline constexpr base::byte_count most_bytes{1ull << 50};
template <std::uint64_t Least>
inline constexpr kind<base::byte_count> size{
    .parse = [](std::string_view given) { return within(parse_size(given), base::byte_count{Least}, most_bytes); },
    .print = [](const base::byte_count& value) { return print_size(value); },
    .form =
        [] { return fmt::format("a size, such as \"256 MiB\" or \"4GiB\", from {} to 1024 TiB", print_size({Least})); },
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
