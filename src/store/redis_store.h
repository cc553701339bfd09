#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "entry/store.h"
#include "redis/client.h"
#include "store/near_cache.h"
#include "store/occupied_names.h"
#include "store/options.h"
#include "store/redis_catalogue.h"
#include "store/redis_counters.h"
#include "store/redis_foreign_cache.h"
#include "store/redis_watch.h"
#include "store/redis_writer.h"

namespace refrain::store {

/// Entries in a Redis or Valkey that many gateways share: docs/formats/redis.md. A server that is away or slow makes
/// misses and dropped writes, never an error of a request (docs/reliability.md, Redis).
///
/// Destroy it when the loops whose coroutines call it run no more, and before they go.
class redis_store final : public entry::store {
 public:
  /// Connects in the background. `location` is the servers' address without its password. Copies of its entries that a
  /// tier above has `near` hear of what others change.
  redis_store(redis::client_options servers, std::string location, store_options options,
              std::shared_ptr<near_cache> near = nullptr);
  /// Writes what is queued, for a few seconds at most.
  ~redis_store() override;

  /// Nothing is at hand without asking the server.
  [[nodiscard]] entry::entry_ptr peek(const entry::entry_id& id) override;
  /// An error where no server can say: store_unavailable, upstream_timeout and their like.
  [[nodiscard]] net::task<base::result<entry::entry_ptr>> get(entry::entry_id id) override;
  void put(entry::entry_ptr fresh) override;
  /// The server has a policy of its own (`maxmemory-policy`), and has seen the read.
  void touch(const entry::entry_id& id) override;
  [[nodiscard]] net::task<base::result<bool>> erase(std::string name) override;
  [[nodiscard]] net::task<base::result<entry::entry_ptr>> find(std::string name) override;
  [[nodiscard]] net::task<base::result<entry::purge_report>> purge(entry::selector what) override;
  /// In the server's order, page by page; an entry that is written meanwhile may be missing.
  [[nodiscard]] net::task<base::result<entry::entry_page>> list(entry::selector what, std::string cursor,
                                                                std::size_t limit) override;
  void add(std::vector<entry::counter_delta> deltas) override;
  [[nodiscard]] net::task<base::result<std::vector<entry::counter_delta>>> counters(std::int64_t first_day) override;
  /// `entries` are all keys of its database, ours or not, as it was counted in the latest seconds.
  [[nodiscard]] entry::store_status status() const override;
  /// As with entries of ours: nothing before it knows what was purged.
  [[nodiscard]] entry::foreign_cache* foreign() noexcept override { return watch_.may_serve() ? &foreign_ : nullptr; }
  void flush() override;

  /// Goes through all entries: removes what purge records have killed, counts the others for `status`. How many it has
  /// removed.
  [[nodiscard]] net::task<base::result<std::uint64_t>> take_stock();

  /// Waits for the first word from the server, at most `timeout`: whether it is there. Blocks.
  [[nodiscard]] base::result<void> await(std::chrono::milliseconds timeout);

 private:
  [[nodiscard]] std::string key_of(std::string_view name) const;
  [[nodiscard]] bool may_show(const entry::meta& about) const;
  [[nodiscard]] redis::commands removal_of(std::string_view name) const;
  [[nodiscard]] redis::commands commands_for(const entry::entry& fresh) const;
  [[nodiscard]] net::task<base::result<entry::entry_ptr>> read(entry::entry_id id);
  [[nodiscard]] net::task<base::result<std::vector<std::string>>> read_pieces(entry::meta about, std::size_t count);
  [[nodiscard]] static net::task<> count_keys(redis_store* self);
  [[nodiscard]] redis::client_options wired(redis::client_options servers);
  [[nodiscard]] base::result<entry::entry_ptr> as_miss(const base::error& why);

  const store_options options_;
  redis_watch watch_;
  redis_writer writer_;
  const redis_catalogue catalogue_;
  const redis_counters counters_;

  mutable std::mutex mutex_;
  redis_stock stock_;                      ///< as it was last taken; guarded by mutex_
  mutable std::atomic<bool> asked_{true};  ///< for the status, since the keys were counted
  occupied_names occupied_;
  std::atomic<std::uint64_t> mismatches_{0};
  std::atomic<bool> warned_of_secret_{false};
  redis::client client_;  ///< behind what its thread uses: that ends before
  redis_foreign_cache foreign_{client_};
};

}  // namespace refrain::store
