#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/digest.h"
#include "cache/coalescer.h"
#include "cache/purge.h"
#include "entry/entries.h"
#include "entry/recording.h"
#include "gateway/shared/meters.h"
#include "gateway/shared/shared_bodies.h"
#include "ledger/ledger.h"
#include "ledger/prices.h"
#include "net/worker_pool.h"

namespace refrain::gateway {

class similar_answers;

/// How those requests ended that the ledger does not count: a hit must not write what all loops share.
struct endings {
  std::atomic<std::uint64_t> answered{0};  ///< passed through unparsed, or failed
  std::atomic<std::uint64_t> failed{0};    ///< of these: refused here, or by the upstream
  std::atomic<int> last_failure{0};        ///< its status
};

/// What all requests of a process share. Every part may be used from any thread.
struct parts {
  const base::clock& clock;
  entry::entries& store;
  cache::purge_book& purges;
  ledger::ledger& money;
  const ledger::price_table& prices;
  meters& counts;
  base::digester digests;
  entry::fill_budget budget;
  entry::fill_budget body_budget{base::byte_count{256 << 20}};  ///< of requests' bodies, from their first byte on
  std::uint64_t memo_bytes = 1 << 20;              ///< what each loop may remember of requests that it has parsed
  std::string via;                                 ///< this gateway's name in Via fields: unlike any other's
  similar_answers* similar = nullptr;              ///< nullptr: no answer serves another question
  std::optional<base::digester> former_digests{};  ///< of security.secret_previous, where there is one
  cache::coalescer fills{};
  shared_bodies bodies{};  ///< of answers that are being sent
  /// For what would hold a loop up: large bodies to parse, long lists to put together. Works for coroutines of the
  /// loops, so it ends before they are discarded (data_plane::release).
  std::unique_ptr<net::worker_pool> heavy_work = std::make_unique<net::worker_pool>(2, 1024);
  endings ended{};
  std::atomic<bool> draining{false};
  std::atomic<unsigned> detached{0};  ///< upstream calls that go on without a client
  std::atomic<unsigned> tunnels{0};   ///< open at this moment
};

}  // namespace refrain::gateway
