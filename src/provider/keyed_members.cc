#include "provider/keyed_members.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "base/digest.h"

namespace refrain::provider {
namespace {

constexpr std::size_t usual_members = 8;

}  // namespace

void digest_members(const canonical_value& body, std::span<const unkeyed_member> denylist, entry::facts& known) {
  base::digest_input whole;
  known.fields.reserve(usual_members);
  for (auto left = body.members(); const auto member = left.next();) {
    if (member->name == "user") known.user = base::sha256(member->value.bytes());
    if (std::ranges::find(denylist, member->name, &unkeyed_member::name) != denylist.end()) continue;
    const auto value = base::sha256(member->value.bytes());
    whole.add('n', member->name).add('v', value);
    known.fields.push_back({.name = std::string(member->name), .value = value});
  }
  known.content = base::sha256(whole.view());
}

}  // namespace refrain::provider
