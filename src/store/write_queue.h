#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

#include "entry/store.h"

namespace refrain::store {

/// What a store's writer is asked to do.
struct put_entry {
  entry::entry_ptr fresh;
};
struct erase_entry {
  base::digest256 digest;
  std::optional<std::int64_t> checksum;  ///< only the row that has it, where set
  /// Set where an operator removes it: other processes that have it in memory are told.
  std::shared_ptr<std::promise<base::result<bool>>> done;
};
struct touch_entry {
  base::digest256 digest;
};
struct add_counters {
  entry::counter_deltas deltas;
};
struct purge_entries {
  entry::selector what;
  std::shared_ptr<std::promise<base::result<entry::purge_report>>> done;
};
using write_order = std::variant<put_entry, erase_entry, touch_entry, add_counters, purge_entries>;

/// Between the threads that serve requests and the one that writes: bounded in bytes, in order. Any thread adds, one
/// takes.
class write_queue {
 public:
  /// `batch_bytes`: so much makes a full transaction, for which the writer waits no longer.
  write_queue(std::uint64_t most_bytes, std::uint64_t batch_bytes)
      : most_bytes_(most_bytes), batch_bytes_(batch_bytes) {}

  /// False, and the order is dropped and counted, where the queue is full or closed.
  bool add(write_order order);

  /// What was put and is not written yet, or nullptr.
  [[nodiscard]] entry::entry_ptr pending(const base::digest256& digest) const;

  /// For the writer: waits at most `wait` for an order, then `linger` for others to share its transaction, and hands
  /// out the first of them: a batch, or a single larger order. Neither wait holds up a flush.
  [[nodiscard]] std::vector<write_order> take(std::chrono::milliseconds wait, std::chrono::milliseconds linger);
  /// For the writer: these are written, or given up (`dropped` of them).
  void done(const std::vector<write_order>& orders, std::uint64_t dropped);

  /// Waits until all that was added before is done and the writer has gone one whole round since, for `most` at most.
  /// False where that time was too short.
  bool flush(std::chrono::milliseconds most);
  [[nodiscard]] bool flush_wanted() const;
  /// For the writer: a round is over, and nothing is left to do.
  void round_over();

  /// While closed, every order is dropped. What waits stays.
  void close(bool closed);
  /// No more orders; the writer shall end when the queue is empty.
  void stop();
  [[nodiscard]] bool stopped() const;

  [[nodiscard]] std::uint64_t dropped() const;

 private:
  [[nodiscard]] static std::uint64_t cost_of(const write_order& order);
  void forget_pending(const put_entry& order);

  const std::uint64_t most_bytes_;
  const std::uint64_t batch_bytes_;
  mutable std::mutex mutex_;  ///< guards all below
  std::condition_variable work_;
  std::condition_variable progress_;
  std::deque<write_order> waiting_;
  std::unordered_map<base::digest256, entry::entry_ptr> pending_;
  std::uint64_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t added_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t rounds_ = 0;
  unsigned flushing_ = 0;
  bool closed_ = false;
  bool stopped_ = false;
};

}  // namespace refrain::store
