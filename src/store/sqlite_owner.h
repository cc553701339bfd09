#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace refrain::store {

/// Whose file stands where a store is to be.
enum class file_owner : std::uint8_t {
  nobody,   ///< there is none, or an empty one
  refrain,  ///< a store of ours, damaged or not
  other,    ///< anything else: it is never touched
};

/// Looks without making or changing anything. A store whose first pages are gone is still known: by the pages behind
/// them, or by the mark in its lock file. Fails with io where the file cannot be read.
[[nodiscard]] base::result<file_owner> owner_of(const std::string& path);

/// The line that the lock file of a store holds: which file, of all that may ever stand under its path, is ours. Empty
/// where the file system does not say when a file was made.
[[nodiscard]] std::string mark_of(const std::string& path);

/// `<path>.lock`, beside the store.
[[nodiscard]] std::string lock_name(std::string_view path);

/// The refusal of a file that is not ours, with its mend.
[[nodiscard]] base::error not_ours(const std::string& path);

}  // namespace refrain::store
