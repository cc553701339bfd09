#pragma once

#include "entry/catalogue.h"
#include "entry/counters.h"
#include "entry/entries.h"

namespace refrain::entry {

/// A place where entries live, as whoever opens it has it: the entries for requests, the catalogue for operators, the
/// counters for the ledger. Give each the one that it needs; they live as long as the store. Any thread.
class store : public entries {
 public:
  [[nodiscard]] virtual refrain::entry::catalogue& catalogue() noexcept = 0;
  [[nodiscard]] virtual refrain::entry::counters& counters() noexcept { return forgotten_counters(); }
};

}  // namespace refrain::entry
