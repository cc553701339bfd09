#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "entry/entry.h"
#include "entry/selector.h"
#include "net/async.h"

namespace refrain::entry {

/// One page of a listing, newest first where the store can.
struct entry_page {
  std::vector<meta> entries;
  std::string next;  ///< cursor of the next page; empty at the end
};

struct purge_report {
  std::uint64_t number = 0;   ///< of the purge record
  std::uint64_t removed = 0;  ///< entries that it killed, as far as the store could count them
};

/// What operators ask of a store and do to it, without regard to tenant. Any thread.
class catalogue {
 public:
  virtual ~catalogue() = default;

  /// One entry by its storage_name or its digest in hex; nullptr where there is none.
  [[nodiscard]] virtual net::task<base::result<entry_ptr>> find(std::string name) = 0;

  /// Removes one entry at once, by the same names; false where there was none.
  [[nodiscard]] virtual net::task<base::result<bool>> erase(std::string name) = 0;

  /// At most `limit` metas that match, from `cursor` (empty: the beginning).
  [[nodiscard]] virtual net::task<base::result<entry_page>> list(selector wanted, std::string cursor,
                                                                 std::size_t limit) = 0;

  /// Asks how much is kept, where `entries::status` does not know that by itself: it tells it from then on.
  [[nodiscard]] virtual net::task<> measure() { co_return; }

  /// Kills all that match, now and for what is being fetched at this moment.
  [[nodiscard]] virtual net::task<base::result<purge_report>> purge(selector wanted) = 0;
};

}  // namespace refrain::entry
