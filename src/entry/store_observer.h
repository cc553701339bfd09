#pragma once

#include "entry/entry.h"

namespace refrain::entry {

/// Hears of what a store is given, as an index of its entries needs it. Any thread, several at once.
class store_observer {
 public:
  virtual ~store_observer() = default;

  /// The entry was put, on the thread of whoever put it: work that takes long belongs elsewhere. That the store keeps
  /// it is not said.
  virtual void on_stored(const entry_ptr& fresh) = 0;
};

}  // namespace refrain::entry
