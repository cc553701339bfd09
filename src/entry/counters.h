#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/async.h"

namespace refrain::entry {

/// A counter that outlives the process, by day (days since 1970-01-01, UTC) and name.
struct counter_delta {
  std::int64_t day = 0;
  std::string name;
  std::int64_t amount = 0;
};

using counter_deltas = std::vector<counter_delta>;

/// One for each day and name, in the order of both.
[[nodiscard]] counter_deltas summed(const counter_deltas& parts);

/// Where counters are kept beyond the process. Any thread.
class counters {
 public:
  virtual ~counters() = default;

  /// Adds behind the caller's back.
  virtual void add(counter_deltas deltas) = 0;

  /// The sums of all days from `first_day` on, by day and name.
  [[nodiscard]] virtual net::task<base::result<counter_deltas>> since(std::int64_t first_day) = 0;
};

/// Those of a store without permanence.
[[nodiscard]] counters& forgotten_counters() noexcept;

}  // namespace refrain::entry
