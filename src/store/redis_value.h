#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "entry/entry.h"
#include "entry/seal.h"

namespace refrain::store {

/// The fields of an entry's hash, with their values: docs/formats/redis.md. Bodies are compressed where that pays, then
/// cut into pieces where they are long.
using redis_fields = std::vector<std::pair<std::string, std::string>>;

/// A body that is longer stands in pieces of this many bytes.
inline constexpr std::size_t redis_piece = 256ull << 10;

/// Nothing where its meta is too long to be read again.
[[nodiscard]] std::optional<redis_fields> to_redis_fields(const entry::entry& one, const entry::sealer& sealer);

/// The fields that a read asks for first, in this order. The body is nil where it stands in pieces.
inline constexpr std::string_view redis_head[]{"meta", "encoding", "pieces", "body"};

/// The name of a piece.
[[nodiscard]] std::string redis_piece_name(const entry::meta& about, std::size_t number);

/// Opens and decodes the meta of the entry that was asked for. Errors: store_corrupt, also where it is none of ours;
/// store_mismatch where it is another entry's; sealed_by_another_secret.
[[nodiscard]] base::result<entry::meta> read_redis_meta(const entry::entry_id& asked, std::string stored,
                                                        const entry::sealer& sealer);

/// The same where only the name of the hash is known, without store.prefix.
[[nodiscard]] base::result<entry::meta> read_redis_meta(std::string_view key, std::string stored,
                                                        const entry::sealer& sealer);

/// The entry from its meta and its body's pieces as they were stored, one or more. Errors as above.
[[nodiscard]] base::result<entry::entry_ptr> read_redis_body(entry::meta about, std::string_view encoding,
                                                             std::vector<std::string> pieces,
                                                             const entry::sealer& sealer);

/// The digest in a key's name; nothing where it is not the name of an entry.
[[nodiscard]] std::optional<base::digest256> digest_in_key(std::string_view key);

}  // namespace refrain::store
