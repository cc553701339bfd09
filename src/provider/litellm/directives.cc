#include "provider/litellm/directives.h"

#include <algorithm>

#include "base/text.h"

namespace refrain::provider {
namespace {

/// More than any TTL ceiling, and far from overflow when a clock is added.
constexpr std::int64_t longest = 100LL * 365 * 24 * 3600;

std::optional<std::chrono::seconds> seconds_in(const std::optional<canonical_value>& value) {
  if (!value) return std::nullopt;
  auto count = value->integer();
  if (const auto text = value->string()) count = base::to_integer<std::int64_t>(*text);
  if (!count || *count < 0) return std::nullopt;
  return std::chrono::seconds{std::min(*count, longest)};
}

bool says_yes(const std::optional<canonical_value>& value) { return value && value->is(json_kind::yes); }

}  // namespace

entry::body_directives read_litellm_directives(const canonical_value& body) {
  entry::body_directives directives;
  const auto member = body.find("cache");
  if (!member || !member->is(json_kind::object)) return directives;
  directives.present = true;
  directives.ttl = seconds_in(member->find("ttl"));
  directives.max_age = seconds_in(member->find("s-maxage"));
  directives.no_cache = says_yes(member->find("no-cache"));
  directives.no_store = says_yes(member->find("no-store"));
  if (const auto name = member->find("namespace")) directives.name_space = name->string().value_or("");
  return directives;
}

}  // namespace refrain::provider
