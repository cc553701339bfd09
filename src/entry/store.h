#pragma once

#include <utility>
#include <vector>

#include "entry/catalogue.h"
#include "entry/counters.h"
#include "entry/entries.h"

namespace refrain::entry {

/// Hears of what a store is given, as an index of its entries needs it. Any thread, several at once.
class store_observer {
 public:
  virtual ~store_observer() = default;

  /// The entry was put, on the thread of whoever put it: work that takes long belongs elsewhere. The store may yet drop
  /// it.
  virtual void on_stored(const entry_ptr& fresh) = 0;
};

/// A place where entries live, as whoever opens it has it: the entries for requests, the catalogue for operators, the
/// counters for the ledger. Give each the one that it needs; they live as long as the store. Any thread.
class store : public entries {
 public:
  [[nodiscard]] virtual refrain::entry::catalogue& catalogue() noexcept = 0;
  [[nodiscard]] virtual refrain::entry::counters& counters() noexcept { return forgotten_counters(); }

  bool put(entry_ptr fresh) final {
    if (observers_.empty()) return write(std::move(fresh));
    const bool taken = write(fresh);
    for (auto* const one : observers_) one->on_stored(fresh);
    return taken;
  }

  /// From now on `one`, which outlives the store, hears of each put. Before other threads use the store.
  void observe(store_observer& one) { observers_.push_back(&one); }

 private:
  /// As `put`.
  virtual bool write(entry_ptr fresh) = 0;

  std::vector<store_observer*> observers_;
};

}  // namespace refrain::entry
