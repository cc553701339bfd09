#include "provider/rules/keyed_members.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "base/digest.h"

namespace refrain::provider {
namespace {

constexpr std::size_t usual_members = 8;

/// Without one of these a request would get the answer to another question.
constexpr std::array<std::string_view, 20> always_keyed{
    "model",
    "messages",
    "prompt",
    "input",
    "inputs",
    "contents",
    "content",
    "system",
    "systemInstruction",
    "system_instruction",
    "instructions",
    "text",
    "transcript",
    "query",
    "documents",
    "requests",
    "file",
    "tools",
    "voice",
    "speaker",
};

}  // namespace

bool is_default(const stated_default& row, const canonical_value& value) noexcept {
  if (!value.is(row.kind)) return false;
  return value.string().value_or(value.decimal().value_or(std::string_view{})) == row.value;
}

bool is_ignored(const entry::parsed_request& parsed, std::string_view name) noexcept {
  return std::ranges::find(parsed.ignored, name) != parsed.ignored.end() &&
         std::ranges::find(always_keyed, name) == always_keyed.end();
}

void digest_members(const canonical_value& body, std::span<const unkeyed_member> denylist,
                    entry::parsed_request& parsed, std::span<const stated_default> defaults) {
  if (!parsed.keyed) return;
  base::digest_input whole;
  parsed.fields.reserve(usual_members);
  for (auto left = body.members(); const auto member = left.next();) {
    if (is_ignored(parsed, member->name)) continue;
    if (member->name == "user") parsed.user = base::sha256(member->value.bytes());
    if (member->name == "cache" && parsed.directives.present) continue;
    if (std::ranges::find(denylist, member->name, &unkeyed_member::name) != denylist.end()) continue;
    const auto usual = std::ranges::find(defaults, member->name, &stated_default::name);
    if (usual != defaults.end() && is_default(*usual, member->value)) continue;
    const auto value = base::sha256(member->value.bytes());
    whole.add('n', member->name).add('v', value);
    parsed.fields.push_back({.name = std::string(member->name), .value = value});
  }
  parsed.content = base::sha256(whole.view());
}

void digest_also(std::string_view name, std::string_view value, entry::parsed_request& parsed) {
  if (!parsed.keyed) return;
  base::digest_input whole;
  const auto digest = base::sha256(value);
  whole.add('b', parsed.content).add('n', name).add('v', digest);
  parsed.content = base::sha256(whole.view());
  parsed.fields.push_back({.name = std::string(name), .value = digest});
}

}  // namespace refrain::provider
