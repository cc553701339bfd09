#pragma once

#include "gateway/sources/search.h"
#include "net/async.h"

namespace refrain::gateway {

/// One place where answers come from. The gateway asks its sources in order until the search is complete.
class source {
 public:
  virtual ~source() = default;

  /// Whether it is asked at all.
  [[nodiscard]] virtual bool applies(const search& lookup) const = 0;

  /// Whether it waits for an upstream: the client's leaving then has to be noticed.
  [[nodiscard]] virtual bool waits() const noexcept { return false; }

  /// Looks for what is missing, and writes what it finds. A fault of a cache is a miss (invariant 3).
  [[nodiscard]] virtual net::task<> find(search& lookup) = 0;
};

}  // namespace refrain::gateway
