#pragma once

#include <vector>

#include "entry/catalogue.h"
#include "entry/counters.h"
#include "entry/entries.h"
#include "entry/store_observer.h"

namespace refrain::entry {

/// A place where entries live, as whoever opens it has it: the entries for requests, the catalogue for operators, the
/// counters for the ledger. Give each the one that it needs; they live as long as the store. Any thread.
class store : public entries {
 public:
  [[nodiscard]] virtual refrain::entry::catalogue& catalogue() noexcept = 0;
  [[nodiscard]] virtual refrain::entry::counters& counters() noexcept { return forgotten_counters(); }

  void put(entry_ptr fresh) final;

  /// From now on `one`, which outlives the store, hears of each put. Before other threads use the store.
  void observe(store_observer& one) { observers_.push_back(&one); }

 private:
  /// As `put`.
  virtual void write(entry_ptr fresh) = 0;

  std::vector<store_observer*> observers_;
};

}  // namespace refrain::entry
