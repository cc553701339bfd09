#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/url.h"
#include "cache/purge.h"
#include "entry/seal.h"
#include "net/loop.h"
#include "redis/address.h"

namespace refrain::store {

/// Uses of an entry are told apart no finer than this where the least recently used goes first.
inline constexpr std::chrono::hours use_grain{1};

/// How a Redis is spoken to, where the store is one.
struct redis_options {
  std::optional<std::chrono::milliseconds> deadline{};  ///< nothing: by the round trip
  unsigned connections = 4;                             ///< to a node, at most
  redis::tls_options tls{};                             ///< what the address does not say
  base::endpoint_map node_map{};                        ///< where announced addresses are reached
  std::vector<net::loop*> readers{};                    ///< loops that serve requests; see redis::client_options
  std::string url_origin{};                             ///< where a person set the address; see address::note_origin
  std::function<std::string()> reread_url{};            ///< the address as it is configured now; empty: not to be had
};

/// What stores are opened with.
struct store_options {
  std::string url = "memory:";                              ///< scheme of the registry, and where
  std::string prefix;                                       ///< of every key, where many share one server
  base::byte_count memory_bytes{256ull << 20};              ///< bound of the memory tier
  base::byte_count max_bytes{4ull << 30};                   ///< bound of the permanent store, its log included
  base::byte_count entry_cap{16ull << 20};                  ///< no entry is larger
  std::chrono::seconds keep_stale{300};                     ///< how long past its TTL an entry stays
  std::chrono::seconds longest_ttl{std::chrono::days{30}};  ///< purge records are kept this long, and keep_stale
  entry::sealer sealer;                                     ///< for what outlives the process
  const base::clock* clock = &base::system_clock();         ///< outlives the store
  std::shared_ptr<cache::purge_book> purges = std::make_shared<cache::purge_book>();

  redis_options redis{};
  bool require = false;  ///< a Redis that is not there is an error
  /// For a command that looks: no file is made, moved or begun anew.
  bool as_found = false;
  std::string fallback;  ///< path of an embedded store that serves while Redis is away; empty: none

  /// Where an entry, or what else is kept, stands in a server that many share.
  [[nodiscard]] std::string key_of(std::string_view name) const { return prefix + std::string{name}; }

  /// Whether an entry is neither past the time that it is kept for nor killed by a purge.
  [[nodiscard]] bool may_show(const entry::meta& about) const {
    return clock->seconds() < about.stored_at + about.ttl + keep_stale && !purges->dead(about);
  }

  /// The time after which nothing is left that a purge made now could kill.
  [[nodiscard]] base::sys_seconds purge_until() const { return clock->seconds() + longest_ttl + keep_stale; }
};

}  // namespace refrain::store
