#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "entry/entry.h"

namespace refrain::entry {

/// Version of the JSON form; docs/formats/entry.md tells what each one means.
inline constexpr int format_version = 1;

/// A meta longer than this is neither written nor read.
inline constexpr std::size_t max_meta_bytes = std::size_t{1} << 20;

/// A mark's word in the JSON form.
[[nodiscard]] constexpr std::string_view to_string(mark::kind kind) noexcept {
  return kind == mark::kind::usage ? "usage" : "terminator";
}

[[nodiscard]] constexpr std::optional<mark::kind> mark_kind_from(std::string_view word) noexcept {
  for (const auto kind : {mark::kind::usage, mark::kind::terminator}) {
    if (word == to_string(kind)) return kind;
  }
  return std::nullopt;
}

/// The readable JSON of a meta.
[[nodiscard]] std::string encode(const meta& about);

/// Undoes encode. Members that it does not know are ignored; one that is missing, of another type or out of its bounds
/// fails with store_corrupt. Takes any bytes.
[[nodiscard]] base::result<meta> decode_meta(std::string_view json);

}  // namespace refrain::entry
