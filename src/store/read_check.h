#pragma once

#include <atomic>
#include <cstdint>

#include "base/result.h"
#include "entry/entry.h"
#include "store/options.h"

namespace refrain::store {

/// The last look at what was read from a permanent store, so that nothing is handed out but what entry/entries.h
/// promises. Any thread.
class read_check {
 public:
  explicit read_check(const store_options& options) : options_(options) {}

  /// What was found for `id`: nullptr, and counted, where it is another's; nullptr where it may not be shown.
  [[nodiscard]] entry::entry_ptr pass(const entry::entry_id& id, entry::entry_ptr found);

  /// A miss for what was read and is of no use; the error itself where nothing could be read.
  [[nodiscard]] base::result<entry::entry_ptr> as_miss(const base::error& why);

  /// Says once in the log what a secret that was changed has made of the entries.
  void warn_of_another_secret();

  [[nodiscard]] std::uint64_t mismatches() const noexcept { return mismatches_.load(std::memory_order_relaxed); }

 private:
  const store_options& options_;
  std::atomic<std::uint64_t> mismatches_{0};
  std::atomic<bool> warned_{false};
};

}  // namespace refrain::store
