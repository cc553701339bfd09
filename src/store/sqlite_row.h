#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "entry/entry.h"
#include "entry/seal.h"

namespace refrain::store {

/// An entry as its row holds it: docs/formats/sqlite.md.
struct entry_row {
  base::digest256 digest;
  std::int64_t stored_at = 0;   ///< seconds since 1970, as all times here
  std::int64_t expires_at = 0;  ///< its TTL reached; it stays for keep_stale longer
  std::int64_t type = 0;        ///< entry::cache_type
  std::int64_t size = 0;        ///< bytes of the body before sealing
  std::int64_t checksum = 0;    ///< of meta and body as they stand in the row
  std::string meta;
  std::string body;
};

/// What stands in a row's columns, while the row is at hand.
struct row_view {
  std::string_view digest;
  std::int64_t checksum = 0;
  std::string_view meta;
  std::string_view body;
};

/// Nothing where its meta is too long to be read again.
[[nodiscard]] std::optional<entry_row> to_row(const entry::entry& one, const entry::sealer& sealer);

/// Opens and decodes the meta alone, and checks that it is the row's own; the checksum is not looked at.
[[nodiscard]] base::result<entry::meta> read_meta(const row_view& row, const entry::sealer& sealer);

/// The whole entry. Fails with store_corrupt where checksum, digest or size do not agree.
[[nodiscard]] base::result<entry::entry_ptr> read_entry(const row_view& row, const entry::sealer& sealer);

}  // namespace refrain::store
