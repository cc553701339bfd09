#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/admin_response.h"

namespace refrain::cli {

/// What has become of the lines of an import.
struct import_tally {
  struct fault {
    std::int64_t line = 0;
    std::string why;
  };

  std::int64_t written = 0;
  std::int64_t expired = 0;   ///< their time was over
  std::int64_t purged = 0;    ///< the store was told to forget them
  std::int64_t refused = 0;   ///< no entries, or none for this store
  std::int64_t dropped = 0;   ///< the store could not take them
  std::vector<fault> faults;  ///< the first of those that were refused

  [[nodiscard]] bool good() const noexcept { return refused == 0 && dropped == 0; }

  /// The response to lines of which the first has this number.
  void add(const admin_response& response, std::int64_t first_line);
  void refuse(std::int64_t line, std::string why);
};

/// The counts for a person, and the first faults with their lines.
[[nodiscard]] std::string as_text(const import_tally& all, const std::string& into);
[[nodiscard]] std::string as_json(const import_tally& all);

}  // namespace refrain::cli
