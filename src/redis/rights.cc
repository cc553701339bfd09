#include "redis/rights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace refrain::redis {

std::vector<right> refused_rights(const std::vector<right>& tried, const std::vector<reply>& said) {
  std::vector<right> refused;
  for (std::size_t i = 0; i < std::min(tried.size(), said.size()); ++i) {
    if (!said[i].is(reply_kind::error)) continue;
    // EXEC says it after a word of its own: `EXECABORT Transaction discarded because of: NOPERM...`.
    const bool forbids = said[i].text.contains("NOPERM");
    const bool forbids_key = forbids && said[i].text.contains("access");
    const bool forbids_command = forbids && !forbids_key;
    const bool unknown = said[i].text.contains("unknown command") || said[i].text.contains("nknown subcommand");
    // A refused key shows in the trial of its own rule.
    const bool is_key = tried[i].rule.starts_with('~');
    if (is_key ? forbids_key : forbids_command || unknown) refused.push_back(tried[i]);
  }
  return refused;
}

std::string acl_rules(std::span<const right> rights) {
  std::vector<std::string_view> rules;
  for (const auto& one : rights) {
    if (std::ranges::find(rules, one.rule) == rules.end()) rules.push_back(one.rule);
  }
  return fmt::format("{}", fmt::join(rules, " "));
}

}  // namespace refrain::redis
