#pragma once

#include <memory>

#include "entry/store.h"
#include "store/near_cache.h"
#include "store/shared_reads.h"

namespace refrain::store {

/// Memory over a store that outlives the process: what is read from below is kept near, what is put goes to both, and
/// what is listed or counted comes from below. While the store below gives no answer, what is near serves. Whoever asks
/// for an entry that is being read below waits for that read.
class tiered_store final : public entry::store, private entry::catalogue {
 public:
  /// A store below that others change too tells `near` of it.
  tiered_store(std::shared_ptr<near_cache> near, std::unique_ptr<entry::store> below);

  [[nodiscard]] entry::entry_ptr peek(const entry::entry_id& id) override;
  [[nodiscard]] net::task<base::result<entry::entry_ptr>> get(entry::entry_id id) override;
  /// Only what is not near goes below, all of it at once.
  [[nodiscard]] net::task<std::vector<entry::entry_ptr>> get_many(std::vector<entry::entry_id> ids) override;
  void flush() override { below_->flush(); }
  [[nodiscard]] entry::foreign_cache* foreign() noexcept override { return below_->foreign(); }
  [[nodiscard]] entry::catalogue& catalogue() noexcept override { return *this; }
  [[nodiscard]] entry::counters& counters() noexcept override { return below_->counters(); }
  [[nodiscard]] entry::store_status status() const override;

 private:
  bool write(entry::entry_ptr fresh) override;
  [[nodiscard]] net::task<base::result<entry::entry_ptr>> find(std::string name) override;
  [[nodiscard]] net::task<base::result<bool>> erase(std::string name) override;
  [[nodiscard]] net::task<base::result<entry::entry_page>> list(entry::selector wanted, std::string cursor,
                                                                std::size_t limit) override;
  [[nodiscard]] net::task<base::result<entry::purge_report>> purge(entry::selector wanted) override;
  [[nodiscard]] net::task<> measure() override { return below_->catalogue().measure(); }

  /// Tells the tier below of the use, where that should hear of it.
  [[nodiscard]] near_cache::copy look_near(const entry::entry_id& id);
  /// Shares a read that is under way, or makes one. `copy`: one here that is not sure, or nullptr.
  [[nodiscard]] net::task<base::result<entry::entry_ptr>> read_below(entry::entry_id id, entry::entry_ptr copy);

  const std::shared_ptr<near_cache> near_;
  const std::unique_ptr<entry::store> below_;
  shared_reads reads_;
};

}  // namespace refrain::store
