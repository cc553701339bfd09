#include "entry/selector.h"

#include <algorithm>

#include "base/text.h"

namespace refrain::entry {
namespace {

constexpr std::size_t shortest_tag_prefix = 8;

bool matches_or_open(const std::string& wanted, const std::string& is) noexcept {
  return wanted.empty() || wanted == is;
}

bool names_tenant(const std::string& wanted, const meta& about) {
  if (wanted.empty() || wanted == about.tenant_label) return true;
  if (wanted.size() < shortest_tag_prefix) return false;
  return about.id.tenant.hex().starts_with(base::to_lower(wanted));
}

bool stands_in(const std::string& wanted, const std::string& text) {
  if (wanted.empty()) return true;
  return base::to_lower(text).contains(base::to_lower(wanted));
}

}  // namespace

bool matches(const selector& wanted, const meta& about) {
  return (!wanted.digest || *wanted.digest == about.id.digest) && (!wanted.type || *wanted.type == about.id.type) &&
         matches_or_open(wanted.upstream, about.upstream) && matches_or_open(wanted.model, about.model) &&
         matches_or_open(wanted.name_space, about.name_space) && matches_or_open(wanted.level, about.level) &&
         (wanted.tag.empty() || std::ranges::find(about.tags, wanted.tag) != about.tags.end()) &&
         (!wanted.stored_before || about.stored_at < *wanted.stored_before) && names_tenant(wanted.tenant, about) &&
         stands_in(wanted.text, about.query);
}

}  // namespace refrain::entry
