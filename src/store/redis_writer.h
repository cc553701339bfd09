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
  /// Sends those that write an entry, which `waiting` finds until they are answered.
  void send(entry::entry_ptr fresh, maker made);
  /// Counts one that is not sent.
  void drop() noexcept { dropped_.fetch_add(1, std::memory_order_relaxed); }

  /// What was put, and is not written yet.
  [[nodiscard]] entry::entry_ptr waiting(const base::digest256& digest) const;
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }
  /// Why writes wait; empty while they do not.
  [[nodiscard]] std::string refusal() const;

  /// Waits until all is answered, for a few seconds at most.
  void flush();

 private:
  void enqueue(std::uint64_t bytes, entry::entry_ptr pending, maker made);
  [[nodiscard]] static net::task<> write(redis_writer* self, maker made, entry::entry_ptr pending, std::uint64_t bytes);
  void judge(const redis::replies& said);

  const store_options& options_;
  redis::client& servers_;
  const redis_watch& watch_;
  mutable std::mutex mutex_;
  std::condition_variable answered_;
  std::unordered_map<base::digest256, entry::entry_ptr> pending_;  ///< guarded by mutex_, as all below
  std::uint64_t queued_bytes_ = 0;
  std::uint64_t queued_ = 0;
  base::steady_time from_{};       ///< when writes may go on
  std::chrono::seconds pause_{0};  ///< the latest; zero while writes go well
  std::string_view refusal_;
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace refrain::store
