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

}  // namespace

entry::body_directives read_litellm_directives(const canonical_value& body) {
  entry::body_directives directives;
  const auto member = body.find("cache");
  if (!member || !member->is(json_kind::object)) return directives;
  directives.present = true;
  directives.ttl = seconds_in(member->find("ttl"));
  directives.max_age = seconds_in(member->find("s-maxage"));
  directives.no_cache = member->yes("no-cache");
  directives.no_store = member->yes("no-store");
  directives.name_space = member->text("namespace");
  return directives;
}

}  // namespace refrain::provider
