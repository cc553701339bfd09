#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cache/freshness.h"
#include "config/level.h"
#include "config/semantic_mode.h"
#include "entry/parsed_request.h"
#include "http/head.h"

namespace refrain::cache {

/// A least similarity: a number from 0 to 1.
[[nodiscard]] std::optional<double> threshold_from(std::string_view text) noexcept;

/// All that one request asks of the cache, in whatever header or member. Where several say the same thing our own
/// headers win, then the standard ones, then the body's, then those of other gateways.
struct directives {
  bool no_cache = false;        ///< do not look up; record the fresh answer
  bool no_store = false;        ///< neither look up nor record
  bool only_if_cached = false;  ///< never ask upstream: 504 instead
  /// `fetch` added no-cache by itself. Ignored, unless the operator honours it: then `no_store` is set as well.
  bool fetch_artefact = false;
  freshness_directives freshness;
  std::optional<std::chrono::seconds> stale_if_error;
  std::optional<std::chrono::seconds> ttl;
  std::optional<config::optimization_level> level;
  std::string name_space;                         ///< empty for none
  std::vector<std::string> tags;                  ///< for purges
  std::optional<config::semantic_mode> semantic;  ///< may only tighten the operator's
  std::optional<unsigned> pace;     ///< events a second of a stream that is made of a plain answer; 0: at once
  std::optional<double> threshold;  ///< least similarity, 0 to 1; may only tighten the operator's

  friend bool operator==(const directives&, const directives&) = default;
};

inline constexpr std::size_t longest_namespace = 128;
inline constexpr std::size_t longest_tag = 64;
inline constexpr std::size_t most_tags = 16;
inline constexpr unsigned fastest_pace = 1000;

/// Reads a request's directives from its headers and from what its body says. A bad value in a header of ours fails
/// with bad_directive, and a context that names the header and what may stand in it; a bad value elsewhere asks
/// nothing. `honour_fetch`: the setting cache.honour_fetch_no_cache.
[[nodiscard]] base::result<directives> read_directives(http::fields_view headers, const entry::body_directives& body,
                                                       bool honour_fetch);

/// Members of the body that a client wants left out of the key, in their order, each once: Helicone's
/// `Helicone-Cache-Ignore-Keys`. None where the header asks for too many, or for a name that is too long.
[[nodiscard]] std::vector<std::string> ignored_members(http::fields_view headers);

/// Whether a name can be a namespace or a tag: 1 to `limit` visible ASCII characters.
[[nodiscard]] bool is_visible_name(std::string_view name, std::size_t limit) noexcept;

/// A header of our own (`x-refrain-*`, among them the client's key): never forwarded, on any route.
[[nodiscard]] bool is_own_header(std::string_view name) noexcept;

/// A header that speaks to the gateway: ours, those of other gateways that we understand, and Cache-Control and Pragma.
/// On cached endpoints none of them is forwarded: the request has been answered for by this cache, and a cache behind
/// it shall not act on the same directive a second time. Routes that pass through lose only `is_own_header`.
[[nodiscard]] bool is_gateway_header(std::string_view name) noexcept;

}  // namespace refrain::cache
