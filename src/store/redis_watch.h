#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
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
/// TRACKING, https://redis.io/docs/latest/develop/reference/client-side-caching/); where one refuses that, or
/// grants it and tells nothing of a write that was made to find out, the copies are sure for a second. On the client's
/// thread, but for what says otherwise; it outlives that thread.
class redis_watch {
 public:
  /// `near` may be nullptr. `location` is shown in the log.
  redis_watch(const store_options& options, std::string location, std::shared_ptr<near_cache> near);

  /// The first words of a connection that shall hear of changes.
  [[nodiscard]] redis::commands opening() const;
  /// How to try a write out, and when one is wanted beside those that find out whether changes are told.
  struct trials {
    std::function<bool()> wanted;
    std::function<void(std::string key)> make;
  };
  /// Before the client is there.
  void take_trials(trials how) { trials_ = std::move(how); }

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
  /// How often a server came: connections are told apart by it. Any thread.
  [[nodiscard]] std::uint64_t comings() const noexcept { return comings_.load(std::memory_order_relaxed); }
  [[nodiscard]] const std::string& location() const noexcept { return location_; }

 private:
  [[nodiscard]] static net::task<> catch_up(redis_watch* self, redis::client* servers);
  /// Tries out at once whether new connections tell of changes, and twice more: while a server has but the connection
  /// that listens, a trial goes over that one, which is not told of its own writes.
  [[nodiscard]] static net::task<> find_out(redis_watch* self, redis::client* servers, std::string canary);
  void try_out(redis::client& servers) const;
  [[nodiscard]] redis::client_state state() const;
  [[nodiscard]] bool is_told(const redis::client_state& now) const;
  void look_for_canaries(redis::client& servers, const redis::client_state& now);
  void log_change(const redis::client_state& before, const redis::client_state& now);

  const store_options& options_;
  const std::string location_;
  const std::shared_ptr<near_cache> near_;
  redis_purges purges_;
  base::log_limit lines_{10, std::chrono::seconds{60}};
  bool warned_of_purges_ = false;
  bool said_part_ = false;    ///< that some servers are away
  bool said_turned_ = false;  ///< that one server turned out to be a Cluster
  bool said_untold_ = false;  ///< that changes are not told

  trials trials_;
  std::string canary_;              ///< what the names of trial keys begin with, of this process and these connections
  std::set<std::string> returned_;  ///< trial keys whose change was told
  unsigned until_next_ = 1;         ///< seconds before the next trial
  unsigned trials_made_ = 0;        ///< those of `find_out` count as one

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  redis::client_state state_;  ///< guarded by mutex_, as is heard_
  bool heard_ = false;
  std::atomic<bool> up_{false};
  std::atomic<std::uint64_t> comings_{0};
  std::atomic<bool> caught_up_{false};
};

}  // namespace refrain::store
