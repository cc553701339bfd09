#include "cache/policy.h"

#include <algorithm>

namespace refrain::cache {
namespace {

/// OpenAI keeps a response, whose id an entry may hold, for at least 30 days. A day less, so that what is served past
/// its TTL can still be followed up.
constexpr std::chrono::seconds longest_for_account{std::chrono::days{29}};

/// Why the request is neither looked up nor recorded; none where it is.
entry::uncacheable_reason bypass_reason(const config::settings::cache_section& rules,
                                        const entry::parsed_request& known, const directives& asked) noexcept {
  if (!rules.enabled) return entry::uncacheable_reason::cache_disabled;
  if (known.why_not != entry::uncacheable_reason::none) return known.why_not;
  if (!asked.no_store) return entry::uncacheable_reason::none;
  return asked.fetch_artefact ? entry::uncacheable_reason::fetch_no_store : entry::uncacheable_reason::no_store;
}

}  // namespace

std::chrono::seconds ttl_of(const config::settings::cache_section& rules, entry::cache_type type,
                            const directives& asked) noexcept {
  const auto& table = type == entry::cache_type::tts ? rules.tts_ttl : rules.llm_ttl;
  const auto wanted = asked.ttl.value_or(config::ttl_at(table, asked.level.value_or(rules.level)));
  return std::clamp(wanted, std::chrono::seconds{0}, std::max(rules.ttl_ceiling, std::chrono::seconds{0}));
}

plan decide(const config::settings::cache_section& rules, entry::cache_type type, const entry::parsed_request& known,
            const directives& asked) {
  plan made{.ask_upstream = !asked.only_if_cached, .level = asked.level.value_or(rules.level)};
  made.why_not = bypass_reason(rules, known, asked);
  if (made.why_not != entry::uncacheable_reason::none) {
    made.asked = entry::outcome::bypass;
    return made;
  }
  made.look_up = !asked.no_cache;
  made.asked = asked.no_cache ? entry::outcome::refresh : entry::outcome::miss;
  made.ttl = ttl_of(rules, type, asked);
  if (known.bound_to_account) made.ttl = std::min(made.ttl, longest_for_account);
  made.store = made.ttl > std::chrono::seconds{0};
  if (!made.store) made.why_not = entry::uncacheable_reason::ttl_zero;
  return made;
}

}  // namespace refrain::cache
