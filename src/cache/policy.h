#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "cache/directives.h"
#include "config/level.h"
#include "config/settings.h"
#include "entry/entry.h"
#include "entry/outcome.h"
#include "entry/parsed_request.h"

namespace refrain::cache {

/// What is to be done for one request, and why.
struct plan {
  bool look_up = false;      ///< an entry may answer
  bool store = false;        ///< a fresh answer is recorded
  bool ask_upstream = true;  ///< false: 504 where no entry answers (only-if-cached)
  /// What it is where upstream is asked: miss, refresh or bypass.
  entry::outcome asked = entry::outcome::miss;
  entry::uncacheable_reason why_not = entry::uncacheable_reason::none;  ///< set where nothing is recorded
  std::chrono::seconds ttl{0};                                          ///< of what is recorded
  config::optimization_level level = config::optimization_level::balanced;

  friend bool operator==(const plan&, const plan&) = default;
};

/// Decides from the operator's settings, the request's content and its directives. Pure.
///
/// | the request, or the setting | looked up | recorded | where upstream is asked |
/// |---|---|---|---|
/// | nothing special | yes | yes | MISS |
/// | no-cache | no | yes | REFRESH |
/// | no-store, a reason in the facts, cache off, too high a temperature | no | no | BYPASS |
/// | a TTL of 0 | yes | no | MISS |
///
/// An answer with ids that live in one upstream account is kept for less time than the provider keeps what they name,
/// whatever TTL is asked for and the ceiling allows.
///
/// `endpoint`: its name, by which the operator may except it.
[[nodiscard]] plan decide(const config::settings::cache_section& rules, entry::cache_type type,
                          const entry::parsed_request& known, const directives& asked, std::string_view endpoint = {});

/// How an answer came to its end, where all else is well with it.
struct finish {
  std::span<const std::string> unknown;  ///< finish reasons that its dialect does not know
  bool cut_at_length = false;
};

/// Whether the operator keeps an answer with that finish: unfinished_choice where one of its reasons is not known to
/// the configuration either, or where what was cut is not kept. Pure.
[[nodiscard]] entry::uncacheable_reason judge_finish(const config::settings::cache_section& rules, const finish& how);

/// How long an answer is kept: the request's own TTL, else its level's; speech has a table of its own; never more than
/// the operator's ceiling.
[[nodiscard]] std::chrono::seconds ttl_of(const config::settings::cache_section& rules, entry::cache_type type,
                                          const directives& asked) noexcept;

}  // namespace refrain::cache
