#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/digest.h"
#include "entry/entry.h"

namespace refrain::entry {

/// Chooses entries, to list or to purge them. Every member that is set must match; none set matches all.
struct selector {
  std::optional<base::digest256> digest;
  std::optional<cache_type> type;
  std::string upstream;
  std::string model;
  std::string tag;
  std::string tenant;  ///< a tenant's label, or its tag as 64 hex digits or a prefix of 8 and more
  std::string name_space;
  std::string level;
  std::string text;  ///< stands somewhere in the query, ASCII case ignored; for lists only
  std::optional<base::sys_seconds> stored_before;

  friend bool operator==(const selector&, const selector&) = default;
};

[[nodiscard]] bool matches(const selector& wanted, const meta& about);

}  // namespace refrain::entry
