#pragma once

#include <memory>

#include "entry/store.h"

namespace refrain::store {

/// A shared store, and one of this machine's own that serves while the shared one gives no answer: store.fallback. What
/// is put goes to both. What is listed comes from the shared one while it is there; what was put while it was away
/// stays here alone.
class fallback_store final : public entry::store {
 public:
  fallback_store(std::unique_ptr<entry::store> shared, std::unique_ptr<entry::store> own);

  [[nodiscard]] entry::entry_ptr peek(const entry::entry_id& id) override;
  [[nodiscard]] net::task<base::result<entry::entry_ptr>> get(entry::entry_id id) override;
  void put(entry::entry_ptr fresh) override;
  void touch(const entry::entry_id& id) override;
  [[nodiscard]] net::task<base::result<bool>> erase(std::string name) override;
  [[nodiscard]] net::task<base::result<entry::entry_ptr>> find(std::string name) override;
  [[nodiscard]] net::task<base::result<entry::purge_report>> purge(entry::selector what) override;
  [[nodiscard]] net::task<base::result<entry::entry_page>> list(entry::selector what, std::string cursor,
                                                                std::size_t limit) override;
  /// To the one that serves; `counters` adds up both.
  void add(std::vector<entry::counter_delta> deltas) override;
  [[nodiscard]] net::task<base::result<std::vector<entry::counter_delta>>> counters(std::int64_t first_day) override;
  [[nodiscard]] entry::store_status status() const override;
  void flush() override;
  [[nodiscard]] entry::foreign_cache* foreign() noexcept override { return shared_->foreign(); }

 private:
  [[nodiscard]] bool is_shared_away() const;

  const std::unique_ptr<entry::store> shared_;
  const std::unique_ptr<entry::store> own_;
};

}  // namespace refrain::store
