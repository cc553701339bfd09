#include "cache/query.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/query.h"

namespace refrain::cache {

void add_query(base::digest_input& key, std::string_view query, std::span<const std::string_view> left_out) {
  if (query.empty()) return;
  thread_local std::vector<base::query_parameter> parameters;
  std::string alike;
  if (query.contains('%')) query = alike = base::normalise_escapes(query);
  base::sort_parameters(query, parameters);
  for (const auto& one : parameters) {
    if (std::ranges::find(left_out, one.name) != left_out.end()) continue;
    key.add('q', one.name);
    if (one.value) key.add('=', *one.value);
  }
}

}  // namespace refrain::cache
