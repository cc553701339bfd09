#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <unordered_set>

namespace refrain::store {

/// Names of entries under which something foreign was found when it was last looked: nothing is written there, so that
/// it is left alone (docs/reliability.md, Redis). Bounded: of very many, all are forgotten. Any thread.
class occupied_names {
 public:
  /// What a look has found under a name.
  void note(const std::string& name, bool is_foreign) {
    if (!is_foreign && !any_.load(std::memory_order_relaxed)) return;
    const std::lock_guard guard{mutex_};
    if (names_.size() >= most) names_.clear();
    if (is_foreign) {
      names_.insert(name);
    } else {
      names_.erase(name);
    }
    any_.store(!names_.empty(), std::memory_order_relaxed);
  }
  [[nodiscard]] bool has(const std::string& name) const {
    if (!any_.load(std::memory_order_relaxed)) return false;
    const std::lock_guard guard{mutex_};
    return names_.contains(name);
  }

 private:
  static constexpr std::size_t most = 1000;

  std::atomic<bool> any_{false};
  mutable std::mutex mutex_;
  std::unordered_set<std::string> names_;  ///< guarded by mutex_
};

}  // namespace refrain::store
