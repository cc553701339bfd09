#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <unordered_map>

#include "entry/entry.h"
#include "redis/client.h"
#include "store/options.h"
#include "store/redis_refusal.h"
#include "store/redis_watch.h"

namespace refrain::store {

/// Writes to a Redis behind the caller's back, within bounds (docs/reliability.md, Redis): what does not fit, or comes
/// while the server is away or takes no writes, is dropped and counted. Any thread; it outlives the thread of the
/// client that it writes to.
class redis_writer {
 public:
  redis_writer(const store_options& options, redis::client& servers, const redis_watch& watch)
      : options_(options), servers_(servers), watch_(watch) {}

  /// Sends commands of one key.
  void send(redis::commands request);

  /// Makes commands, on the client's own thread: to compress and to seal an entry may take a while.
  using maker = std::move_only_function<redis::commands()>;
  /// Sends those that write an entry, which `waiting` finds until they are answered. False where it is dropped at once.
  bool send(entry::entry_ptr fresh, maker made);
  /// Counts one that is not sent.
  void drop() noexcept { dropped_.fetch_add(1, std::memory_order_relaxed); }

  /// What was put, and is not written yet.
  [[nodiscard]] entry::entry_ptr waiting(const base::digest256& digest) const;
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }
  /// Why the server takes no writes, or not all; empty while it does.
  [[nodiscard]] std::string refusal() const;

  /// Whether several commands are to be sent as a transaction: not over a proxy that knows none.
  [[nodiscard]] bool in_transactions() const noexcept { return !plain_.load(std::memory_order_relaxed); }
  /// Commands of one key: all or nothing, where the server knows transactions.
  [[nodiscard]] redis::commands at_once(redis::commands all) const;

  /// Writes under `key` as an entry is written, and deletes it in the same step: what the server says of it counts as
  /// an entry's write does. Over another connection than that of `write`. On the client's thread.
  [[nodiscard]] static net::task<> try_out(redis_writer* self, std::string key);
  /// Whether the server took no writes, and it is time to look whether it does.
  [[nodiscard]] bool wants_trial();

  /// Waits until all is answered, for a few seconds at most.
  void flush();

 private:
  [[nodiscard]] bool enqueue(std::uint64_t bytes, entry::entry_ptr pending, maker made);
  [[nodiscard]] static net::task<> write(redis_writer* self, maker made, entry::entry_ptr pending, std::uint64_t bytes);
  struct writing {
    std::uint64_t bytes = 0;
    bool transaction = false;
    bool of_entry = false;
    std::uint64_t coming = 0;
  };
  /// Whether it was done.
  bool judge(const redis::replies& said, const writing& what);
  void look_at_servers();
  void log_change();

  const store_options& options_;
  redis::client& servers_;
  const redis_watch& watch_;
  mutable std::mutex mutex_;
  std::condition_variable answered_;
  std::unordered_map<base::digest256, entry::entry_ptr> pending_;  ///< guarded by mutex_, as all below
  std::uint64_t queued_bytes_ = 0;
  std::uint64_t queued_ = 0;
  redis_refusal refusal_;
  std::uint64_t seen_comings_ = 0;
  std::string logged_;  ///< the refusal that the log has
  base::log_limit lines_{10, std::chrono::seconds{60}};
  std::atomic<bool> plain_{false};
  unsigned trials_ended_ = 0;  ///< in a row, amid a transaction; of the client's thread
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace refrain::store
