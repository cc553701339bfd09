#pragma once

#include <memory>

#include "entry/store.h"

namespace refrain::store {

/// A shared store, and one of this machine's own that serves while the shared one gives no answer: store.fallback. What
/// is put goes to both. What is listed comes from the shared one while it is there; what was put while it was away
/// stays here alone.
class fallback_store final : public entry::store, private entry::catalogue, private entry::counters {
 public:
  fallback_store(std::unique_ptr<entry::store> shared, std::unique_ptr<entry::store> own);

  [[nodiscard]] net::task<base::result<entry::entry_ptr>> get(entry::entry_id id) override;
  void touch(const entry::entry_id& id) override;
  void flush() override;
  [[nodiscard]] entry::foreign_cache* foreign() noexcept override { return shared_->foreign(); }
  [[nodiscard]] entry::catalogue& catalogue() noexcept override { return *this; }
  [[nodiscard]] entry::counters& counters() noexcept override { return *this; }
  [[nodiscard]] entry::store_status status() const override;

 private:
  bool write(entry::entry_ptr fresh) override;
  [[nodiscard]] net::task<base::result<entry::entry_ptr>> find(std::string name) override;
  [[nodiscard]] net::task<base::result<bool>> erase(std::string name) override;
  [[nodiscard]] net::task<base::result<entry::entry_page>> list(entry::selector wanted, std::string cursor,
                                                                std::size_t limit) override;
  [[nodiscard]] net::task<base::result<entry::purge_report>> purge(entry::selector wanted) override;
  [[nodiscard]] net::task<> measure() override { return shared_->catalogue().measure(); }
  /// To the one that serves; `since` adds up both.
  void add(entry::counter_deltas deltas) override;
  [[nodiscard]] net::task<base::result<entry::counter_deltas>> since(std::int64_t first_day) override;

  [[nodiscard]] bool is_shared_away() const;
  /// The shared one while it is there.
  [[nodiscard]] entry::store& serving() const { return is_shared_away() ? *own_ : *shared_; }

  const std::unique_ptr<entry::store> shared_;
  const std::unique_ptr<entry::store> own_;
};

}  // namespace refrain::store
