#pragma once

#include <cstdint>

#include "base/result.h"
#include "db/sqlite.h"

namespace refrain::store {

/// Of the tables in docs/formats/sqlite.md, in `PRAGMA user_version`. A file of a newer one is left alone.
inline constexpr std::int64_t schema_version = 4;

/// "RFRN" in `PRAGMA application_id`: says to `file` and to us whose database it is.
inline constexpr std::int64_t application_id = 0x5246524e;

/// Makes the tables in an empty file, or what later schemas have added in an older one, and brings the connection into
/// write-ahead logging. Fails with bad_config where the file is another program's or a newer version's, with
/// store_corrupt where it is damaged.
[[nodiscard]] base::result<void> prepare_schema(db::database& file);

}  // namespace refrain::store
