#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string_view>

#include "store/memory_store.h"

namespace refrain::store {

/// Copies in memory of what a tier below has, which others may change: each is sure until the tier below says that it,
/// or any, may have changed. One that is not sure is asked for below again, and serves while that gives no answer.
/// Any thread.
class near_cache {
 public:
  explicit near_cache(std::unique_ptr<memory_store> memory) : memory_(std::move(memory)) {}

  struct copy {
    entry::entry_ptr what;
    bool sure = false;
    bool to_tell = false;  ///< the tier below should hear of this use
  };
  [[nodiscard]] copy use_of(const entry::entry_id& id);

  /// What was known of changes when a read below began.
  struct mark {
    std::uint32_t all = 0;
    std::uint32_t some = 0;

    friend bool operator==(const mark&, const mark&) = default;
  };
  [[nodiscard]] mark mark_of(const base::digest256& digest) const noexcept;
  /// Keeps what was read below since the mark, unless it may have changed meanwhile, or something other than
  /// `instead_of` has come here.
  void keep(entry::entry_ptr read, mark began, const entry::entry_ptr& instead_of);
  /// What has just been put below too: reads there that began before it are not kept.
  void put(entry::entry_ptr fresh);

  /// One entry, by its storage_name or digest in hex, is another or none any more below: whether there was a copy.
  bool changed(std::string_view name);
  /// Any may be.
  void all_changed() noexcept { epoch_.fetch_add(1, std::memory_order_acq_rel); }

  [[nodiscard]] memory_store& memory() noexcept { return *memory_; }
  [[nodiscard]] const memory_store& memory() const noexcept { return *memory_; }

 private:
  /// Entries that share a counter are only kept a little less often.
  static constexpr std::size_t counters = 256;

  const std::unique_ptr<memory_store> memory_;
  std::atomic<std::uint32_t> epoch_{0};
  std::array<std::atomic<std::uint32_t>, counters> changes_{};
};

}  // namespace refrain::store
