#include "cache/policy.h"

#include <algorithm>

namespace refrain::cache {
namespace {

/// OpenAI keeps a response, whose id an entry may hold, for at least 30 days. A day less, so that what is served past
/// its TTL can still be followed up.
constexpr std::chrono::seconds longest_for_account{std::chrono::days{29}};

/// Whether a name is the pattern's, in which `*` at the end stands for any rest.
bool is_meant(std::string_view pattern, std::string_view name) noexcept {
  return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : name == pattern;
}

bool is_excepted(const config::settings::cache_section& rules, std::string_view model, std::string_view endpoint) {
  return std::ranges::any_of(rules.except_models, [model](const auto& one) { return is_meant(one, model); }) ||
         std::ranges::find(rules.except_endpoints, endpoint) != rules.except_endpoints.end();
}

/// Why the request is neither looked up nor recorded; none where it is.
entry::uncacheable_reason bypass_reason(const config::settings::cache_section& rules,
                                        const entry::parsed_request& known, const directives& asked,
                                        std::string_view endpoint) {
  if (!rules.enabled || is_excepted(rules, known.model, endpoint)) return entry::uncacheable_reason::cache_disabled;
  if (known.why_not != entry::uncacheable_reason::none) return known.why_not;
  if (rules.max_temperature && known.temperature > rules.max_temperature) return entry::uncacheable_reason::temperature;
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
            const directives& asked, std::string_view endpoint) {
  plan made{.ask_upstream = !asked.only_if_cached, .level = asked.level.value_or(rules.level)};
  made.why_not = bypass_reason(rules, known, asked, endpoint);
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

entry::uncacheable_reason judge_finish(const config::settings::cache_section& rules, const finish& how) {
  const auto is_allowed = [&](const std::string& reason) {
    return std::ranges::find(rules.finish_reasons, reason) != rules.finish_reasons.end();
  };
  const bool keeps = std::ranges::all_of(how.unknown, is_allowed) && (rules.keep_cut || !how.cut_at_length);
  return keeps ? entry::uncacheable_reason::none : entry::uncacheable_reason::unfinished_choice;
}

}  // namespace refrain::cache
