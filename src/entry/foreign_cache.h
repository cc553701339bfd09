#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "net/async.h"

namespace refrain::entry {

/// A value that another program keeps in the place where our entries are.
struct foreign_value {
  std::string bytes;
  std::optional<std::chrono::milliseconds> left;  ///< of its life; nothing where it has no end
};

/// What other programs keep beside our entries: to be read, never to be changed. As with `store`, a fault is a miss
/// within a bounded time. Any thread.
class foreign_cache {
 public:
  virtual ~foreign_cache() = default;

  /// The values of those keys that are there and are plain strings, in the order of the keys.
  [[nodiscard]] virtual net::task<std::vector<foreign_value>> look(std::vector<std::string> keys) = 0;
};

}  // namespace refrain::entry
