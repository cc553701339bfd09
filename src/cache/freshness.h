#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace refrain::cache {

/// When an entry was stored and how long it is good for. Wall-clock time: entries outlive the process.
struct lifetime {
  std::chrono::sys_seconds stored_at;
  std::chrono::seconds ttl;
};

/// What a request asks of an entry's age (RFC 9111, section 5.2.1; RFC 5861 for the last two).
/// A field that is absent asks nothing.
struct freshness_directives {
  std::optional<std::chrono::seconds> max_age{};
  std::optional<std::chrono::seconds> min_fresh{};
  std::optional<std::chrono::seconds> max_stale{};
  std::optional<std::chrono::seconds> stale_while_revalidate{};

  friend bool operator==(const freshness_directives&, const freshness_directives&) = default;
};

enum class freshness : std::uint8_t {
  fresh,          ///< serve
  stale_allowed,  ///< serve, labelled STALE: the request takes answers this old
  revalidate,     ///< serve, labelled STALE, and refresh behind the answer
  expired,        ///< its TTL has passed
  too_old,        ///< within its TTL, but past the request's max-age
  too_short,      ///< fresh now, but not for the request's min-fresh
  from_future,    ///< stored after `now`: a clock was set back, so its age is unknown
};

/// Whether an entry may be served at `now`, and why or why not. Pure: no clock, no state.
[[nodiscard]] freshness judge_freshness(const lifetime& entry, const freshness_directives& asked,
                                        std::chrono::sys_seconds now) noexcept;

[[nodiscard]] constexpr bool may_serve(freshness verdict) noexcept { return verdict <= freshness::revalidate; }

/// Whether an entry may answer in place of an answer that failed: it is past its TTL by no more than the request's
/// stale-if-error (RFC 5861, section 4). Pure.
[[nodiscard]] bool is_stale_fallback(const lifetime& entry, std::optional<std::chrono::seconds> stale_if_error,
                                     std::chrono::sys_seconds now) noexcept;

/// The verdict as Cache-Status `detail`, metric label and log field spell it.
[[nodiscard]] std::string_view to_string(freshness verdict) noexcept;

}  // namespace refrain::cache
