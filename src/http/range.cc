#include "http/range.h"

#include <algorithm>

#include "base/text.h"

namespace refrain::http {
namespace {

using extent = byte_range::extent;

byte_range last_bytes(std::uint64_t count, std::uint64_t size) noexcept {
  if (count == 0 || size == 0) return {.what = extent::out_of_reach};
  const auto shown = std::min(count, size);
  return {.what = extent::part, .offset = size - shown, .size = shown};
}

}  // namespace

byte_range choose_range(std::string_view field, std::uint64_t size) noexcept {
  constexpr std::string_view unit = "bytes=";
  if (!base::starts_with_ignoring_case(field, unit)) return {};
  const auto spec = base::trim(field.substr(unit.size()));
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos) return {};

  const auto from = base::to_integer<std::uint64_t>(spec.substr(0, dash));
  const auto to = base::to_integer<std::uint64_t>(spec.substr(dash + 1));
  const bool open = dash + 1 == spec.size();
  if (dash == 0) return to ? last_bytes(*to, size) : byte_range{};
  if (!from || (!to && !open) || (to && *to < *from)) return {};
  if (*from >= size) return {.what = extent::out_of_reach};
  const auto last = open ? size - 1 : std::min(*to, size - 1);
  return {.what = extent::part, .offset = *from, .size = last - *from + 1};
}

bool names_tag(std::string_view field, std::string_view tag) noexcept {
  while (!field.empty()) {
    const auto begin = field.find('"');
    if (begin == std::string_view::npos) return false;
    const auto end = field.find('"', begin + 1);
    if (end == std::string_view::npos) return false;
    if (field.substr(begin, end - begin + 1) == tag) return true;
    field.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace refrain::http
