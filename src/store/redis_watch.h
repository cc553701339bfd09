#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "base/log_limit.h"
#include "entry/store.h"
#include "redis/client.h"
#include "store/near_cache.h"
#include "store/options.h"
#include "store/redis_purges.h"

namespace refrain::store {

/// Watches over the servers of a store: says in the log when they come and go, learns what was purged before anything
/// is served, and tells the copies in memory what others have changed. Changes are pushed by the servers (CLIENT
/// TRACKING, https://redis.io/docs/latest/develop/reference/client-side-caching/); where one refuses that, the copies
/// are sure for a second. On the client's thread, but for what says otherwise; it outlives that thread.
class redis_watch {
 public:
  /// `near` may be nullptr. `location` is shown in the log.
  redis_watch(const store_options& options, std::string location, std::shared_ptr<near_cache> near);

  /// The first words of a connection that shall hear of changes.
  [[nodiscard]] redis::commands opening() const;
  void on_state(redis::client& servers, const redis::client_state& now);
  void on_push(redis::client& servers, const redis::reply& pushed);
  /// Goes on for as long as the loop runs.
  [[nodiscard]] static net::task<> keep(redis_watch* self, redis::client* servers);

  /// Whether what was purged is known, so that entries may be served. Any thread.
  [[nodiscard]] bool may_serve() const noexcept { return caught_up_.load(std::memory_order_acquire); }
  [[nodiscard]] bool is_up() const noexcept { return up_.load(std::memory_order_acquire); }
  /// Waits for the first word from the servers, at most `timeout`: whether they are there, or some of them by then.
  /// Blocks; any thread.
  [[nodiscard]] base::result<void> await(std::chrono::milliseconds timeout);
  /// Puts health and detail in. Any thread.
  void describe(entry::store_status& status) const;

  [[nodiscard]] redis_purges& purges() noexcept { return purges_; }

 private:
  [[nodiscard]] static net::task<> catch_up(redis_watch* self, redis::client* servers);
  void log_change(const redis::client_state& before, const redis::client_state& now);

  const store_options& options_;
  const std::string location_;
  const std::shared_ptr<near_cache> near_;
  redis_purges purges_;
  base::log_limit lines_{10, std::chrono::seconds{60}};
  bool warned_of_purges_ = false;
  bool said_part_ = false;  ///< that some servers are away

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  redis::client_state state_;  ///< guarded by mutex_, as is heard_
  bool heard_ = false;
  std::atomic<bool> up_{false};
  std::atomic<bool> caught_up_{false};
};

}  // namespace refrain::store
