#include "cache/key.h"

#include <algorithm>

#include "base/query.h"
#include "base/text.h"
#include "base/url.h"

namespace refrain::cache {
namespace {

constexpr std::string_view key_format = "refrain key 1";

bool lower_less(std::string_view a, std::string_view b) noexcept {
  return std::ranges::lexicographical_compare(a, b, {}, base::lower, base::lower);
}

/// The first letter spares most headers the comparison.
bool is_provider_header(std::string_view name) noexcept {
  const char first = name.empty() ? '\0' : base::lower(name[0]);
  return (first == 'o' && base::starts_with_ignoring_case(name, "openai-")) ||
         (first == 'a' && base::starts_with_ignoring_case(name, "anthropic-"));
}

/// By name. Lines of one name keep their order, which is that of their addresses: together they are a list.
bool comes_before(const http::field* a, const http::field* b) noexcept {
  if (lower_less(a->name, b->name)) return true;
  return a < b && !lower_less(b->name, a->name);
}

/// Whether a header can change the answer: `anthropic-*`, `openai-*`, the dialect's and the operator's.
bool is_key_header(std::string_view name, const key_parts& parts) noexcept {
  return is_provider_header(name) || base::is_among(name, parts.dialect_headers) ||
         base::is_among(name, parts.operator_headers);
}

void add_headers(base::digest_input& key, const key_parts& parts) {
  thread_local std::vector<const http::field*> chosen;
  thread_local std::string name;
  chosen.clear();
  for (const auto& field : parts.headers) {
    if (is_key_header(field.name, parts)) chosen.push_back(&field);
  }
  std::ranges::sort(chosen, comes_before);
  for (const auto* const field : chosen) {
    name.resize(field->name.size());
    std::ranges::transform(field->name, name.begin(), base::lower);
    key.add('h', name).add('v', field->value);
  }
}

}  // namespace

base::digest256 upstream_identity(std::string_view name, std::string_view base_url) {
  base::digest_input input;
  input.add('n', name);
  if (const auto url = base::parse_url(base_url)) {
    input.add('o', url->origin()).add('p', url->path).add('q', url->query);
  } else {
    input.add('u', base_url);
  }
  return base::sha256(input.view());
}

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

base::digest256 key_maker::operator()(const key_parts& parts) const {
  thread_local base::digest_input key;
  key.clear();
  key.add('f', key_format).add('u', parts.upstream).add('e', parts.endpoint).add('p', parts.path);
  add_query(key, parts.query, parts.left_out);
  key.add('b', parts.content).add('t', parts.tenant).add('s', parts.name_space);
  add_headers(key, parts);
  // Who leaves something out shares with those who leave out the same: nobody else's answer changes.
  for (const auto& name : parts.ignored) key.add('i', name);
  if (parts.user) key.add('U', *parts.user);
  if (parts.account) key.add('A', *parts.account);
  return digests_(key.view());
}

}  // namespace refrain::cache
