#pragma once

#include <atomic>
#include <memory>

#include "entry/store.h"
#include "store/options.h"

namespace refrain::store {

/// Entries in the process's memory, in shards, each an S3-FIFO under a mutex that is held for well under a microsecond:
/// what goes through all of them lets others in every few dozen.
/// Never holds more bytes than its bound, all overhead included. Expired and purged entries fall when they are touched,
/// and to a sweep of a few at each insert.
class memory_store final : public entry::store, private entry::catalogue {
 public:
  explicit memory_store(store_options options);
  ~memory_store() override;

  [[nodiscard]] entry::entry_ptr peek(const entry::entry_id& id) override;
  [[nodiscard]] net::task<base::result<entry::entry_ptr>> get(entry::entry_id id) override;
  [[nodiscard]] net::task<std::vector<entry::entry_ptr>> get_many(std::vector<entry::entry_id> ids) override;
  [[nodiscard]] entry::catalogue& catalogue() noexcept override { return *this; }
  [[nodiscard]] entry::store_status status() const override;

  /// What peek finds, and whether the tier below should hear of the use.
  struct use {
    entry::entry_ptr what;
    bool to_tell = false;
    std::uint32_t epoch = 0;  ///< as it was given when it came
  };
  [[nodiscard]] use use_of(const entry::entry_id& id);
  using entry::store::put;
  /// The same with the epoch in which it came (near_cache.h).
  bool put(entry::entry_ptr fresh, std::uint32_t epoch);
  /// The same, unless there is another entry of this digest than `instead_of`: for what was read from a tier below,
  /// which may be older.
  void keep(entry::entry_ptr read, std::uint32_t epoch, const entry::entry_ptr& instead_of);
  /// As erase, at once.
  bool remove(std::string_view name);
  /// Removes what the purge book has killed, and counts it.
  std::uint64_t remove_dead();

  /// Whether it is bounded to nothing.
  [[nodiscard]] bool is_off() const noexcept { return options_.memory_bytes.value == 0; }

 private:
  bool write(entry::entry_ptr fresh) override;
  struct shard;

  [[nodiscard]] net::task<base::result<entry::entry_ptr>> find(std::string name) override;
  [[nodiscard]] net::task<base::result<bool>> erase(std::string name) override;
  /// In the order of digests; the cursor is the last one given.
  [[nodiscard]] net::task<base::result<entry::entry_page>> list(entry::selector wanted, std::string cursor,
                                                                std::size_t limit) override;
  [[nodiscard]] net::task<base::result<entry::purge_report>> purge(entry::selector wanted) override;

  [[nodiscard]] shard& home_of(const base::digest256& digest) const noexcept;
  /// Goes through a shard, and removes those for which `gone` holds: how many. Some are seen twice.
  template <class F>
  std::uint64_t walk(shard& home, F gone);
  template <class MayReplace>
  bool insert(entry::entry_ptr fresh, std::uint32_t epoch, MayReplace may_replace);

  const store_options options_;
  const std::size_t shard_count_;
  const std::unique_ptr<shard[]> shards_;
  std::atomic<std::uint64_t> refused_{0};  ///< larger than a quarter of a shard
  std::atomic<std::uint64_t> mismatches_{0};
};

}  // namespace refrain::store
