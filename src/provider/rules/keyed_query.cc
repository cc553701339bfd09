#include "provider/rules/keyed_query.h"

#include <algorithm>

namespace refrain::provider {

keyed_query::keyed_query(std::string_view raw) : alike_(base::normalise_escapes(raw)) {
  base::sort_parameters(alike_, parameters_);
}

std::string_view keyed_query::value_or(std::string_view name, std::string_view otherwise) const noexcept {
  const auto at = std::ranges::find(parameters_, name, &base::query_parameter::name);
  return at == parameters_.end() ? otherwise : at->value.value_or("");
}

bool keyed_query::has(std::string_view name) const noexcept {
  return std::ranges::find(parameters_, name, &base::query_parameter::name) != parameters_.end();
}

void keyed_query::add_to(entry::parsed_request& parsed, std::span<const unkeyed_member> denylist,
                         std::span<const stated_parameter> defaults) const {
  for (const auto& one : parameters_) {
    if (std::ranges::find(denylist, one.name, &unkeyed_member::name) != denylist.end()) continue;
    const auto usual = std::ranges::find(defaults, one.name, &stated_parameter::name);
    const auto alone = std::ranges::count(parameters_, one.name, &base::query_parameter::name) == 1;
    if (alone && usual != defaults.end() && one.value == usual->value) continue;
    // `a` and `a=` differ by the equals sign.
    digest_also("?" + std::string(one.name), one.value ? "=" + std::string(*one.value) : std::string{}, parsed);
  }
}

}  // namespace refrain::provider
