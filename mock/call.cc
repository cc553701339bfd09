#include "mock/call.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/query.h"
#include "base/text.h"

namespace refrain::mock {
namespace {

/// As a form's member is (a "+" is a blank); an escape that is none stays as it is.
std::string decoded(std::string_view text) {
  std::string plain(text);
  std::ranges::replace(plain, '+', ' ');
  return base::percent_decode(plain).value_or(plain);
}

}  // namespace

std::string_view call::path() const { return std::string_view(target).substr(0, target.find('?')); }

std::optional<std::string> call::parameter(std::string_view name) const {
  const auto query = std::string_view(target).substr(path().size());
  std::vector<base::query_parameter> all;
  base::sort_parameters(query.substr(std::min<std::size_t>(1, query.size())), all);
  for (const auto& one : all) {
    if (decoded(one.name) == name) return decoded(one.value.value_or(""));
  }
  return std::nullopt;
}

std::string_view call::field(std::string_view name) const {
  for (const auto& one : headers) {
    if (base::equal_ignoring_case(one.name, name)) return one.value;
  }
  return {};
}

std::string_view call::authorization(std::string_view scheme) const {
  const auto shown = field("Authorization");
  if (shown.size() <= scheme.size() || shown[scheme.size()] != ' ') return {};
  return base::equal_ignoring_case(shown.substr(0, scheme.size()), scheme) ? shown.substr(scheme.size() + 1)
                                                                           : std::string_view{};
}

std::int64_t call::seconds() const {
  return std::chrono::time_point_cast<std::chrono::seconds>(at).time_since_epoch().count();
}

std::string call::unique() const { return fmt::format("{:016x}{:08x}", run, number); }

std::string call::uuid() const {
  return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", run >> 32U, (run >> 16U) & 0xffffU, (run >> 4U) & 0xfffU,
                     run & 0xfffU, number);
}

}  // namespace refrain::mock
