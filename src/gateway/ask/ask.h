#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "cache/directives.h"
#include "cache/policy.h"
#include "cache/tenant.h"
#include "entry/entry.h"
#include "entry/parsed_request.h"
#include "gateway/shared/site.h"
#include "http/head.h"
#include "provider/registry.h"
#include "provider/rules/batch.h"

namespace refrain::gateway {

/// Where a request wants to go: what the router made of its path.
struct target {
  const upstream* to = nullptr;
  const provider::endpoint_row* endpoint = nullptr;  ///< nullptr: no dialect knows it, it passes through
  std::string_view path;                             ///< below the upstream's base URL
  std::string_view query;
};

/// One of the things that a request asks for: an entry of its own. A chat has one, a list of texts has many.
struct item {
  entry::entry_id id;
  std::size_t same_as = 0;                  ///< the first item with this id: itself, unless the request names it twice
  std::optional<base::digest256> former{};  ///< its digest under security.secret_previous; nothing without one
};

/// What a client asks for. The authenticator and the request parser write it, each its part; from then on it is
/// constant, and every later floor reads it. Lives as long as the exchange that it came with.
struct ask {
  std::shared_ptr<const site> at;
  target where;
  const http::request_head* head = nullptr;
  base::steady_time began;

  // The authenticator.
  std::shared_ptr<const cache::identity> who;  ///< nullptr: a preflight, which shows no credential
  /// The same under security.secret_previous; nullptr without one.
  std::shared_ptr<const cache::identity> formerly;
  std::string_view origin;  ///< of the web page that asks, where server.origins lists it

  // The request parser, for endpoints that are cached.
  std::string_view body;
  std::shared_ptr<const std::string> body_owner;  ///< nullptr: the connection's buffer owns it
  std::shared_ptr<const entry::parsed_request> parsed;
  std::optional<base::digest256> memo_key;  ///< set: the parser may remember `parsed` under it, and does not yet
  cache::directives directives;
  std::vector<std::string> client_ignores;  ///< members of the body that the client wants left out of the key
  std::vector<std::string> all_ignored;     ///< these and the operator's, where the client names any
  cache::plan plan;
  cache::tenant tenant;
  base::digest256 former_tenant;          ///< its tag under security.secret_previous
  base::digest256 key;                    ///< what clients and logs know the request by; unset where the cache is off
  const provider::batch* list = nullptr;  ///< set: the items are answered one by one, and put together
  boost::container::small_vector<item, 1> items;  ///< at least one

  [[nodiscard]] bool is_cached() const noexcept { return plan.look_up || plan.store; }
  /// The key as clients are shown it; empty where there is none.
  [[nodiscard]] std::string shown_key() const;
  /// Items, each once however often the request names it.
  [[nodiscard]] std::ptrdiff_t distinct_items() const;
  [[nodiscard]] const provider::dialect& wire() const noexcept { return where.endpoint->wire; }
  [[nodiscard]] provider::request_view view() const;
  /// Members of the body that are not keyed.
  [[nodiscard]] std::span<const std::string> ignored() const noexcept {
    return client_ignores.empty() ? where.to->ignore_members : all_ignored;
  }
};

/// How far similar questions may answer this one, where an encoder is installed: the operator's mode, or a stricter one
/// that the request asks for.
[[nodiscard]] config::semantic_mode semantic_mode_of(const ask& request) noexcept;

/// How similar they must be at least, in any mode: the request's wish, and in the mode `threshold` the operator's.
[[nodiscard]] double least_similarity_of(const ask& request) noexcept;

/// Whether the upstream is asked to report usage in a stream whose client did not ask for it. A request that the
/// dialect does not fully understand goes upstream as it is.
[[nodiscard]] bool asks_for_usage(const ask& request) noexcept;

}  // namespace refrain::gateway
