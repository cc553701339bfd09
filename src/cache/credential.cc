#include "cache/credential.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace refrain::cache {
namespace {

constexpr std::array<std::string_view, 5> schemes{"bearer", "token", "basic", "apikey", "key"};

}  // namespace

std::string_view strip_scheme(std::string_view value) noexcept {
  value = base::trim(value);
  const auto word = value.substr(0, value.find_first_of(" \t"));
  const bool has_scheme =
      std::ranges::any_of(schemes, [&](std::string_view scheme) { return base::equal_ignoring_case(word, scheme); });
  // A lone `key` may be a key; `Bearer` alone is what a client sends whose key is empty.
  if (!has_scheme || (word.size() == value.size() && !base::equal_ignoring_case(word, "bearer"))) return value;
  return base::trim(value.substr(word.size()));
}

bool is_placeholder(std::string_view credential, std::span<const std::string> placeholders) noexcept {
  if (credential.empty()) return true;
  return std::ranges::any_of(placeholders,
                             [&](std::string_view one) { return base::equal_ignoring_case(one, credential); });
}

}  // namespace refrain::cache
