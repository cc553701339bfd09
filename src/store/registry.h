#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "entry/store.h"
#include "store/options.h"

namespace refrain::store {

enum class store_kind : std::uint8_t { memory, sqlite, redis };

/// The kind of store that a URL names by its scheme; nothing where no store has that scheme.
[[nodiscard]] std::optional<store_kind> kind_of(std::string_view url);

/// The path in `sqlite:PATH`; nothing for other kinds.
[[nodiscard]] std::optional<std::string> sqlite_path(std::string_view url);

/// Opens the store that `options.url` names: `memory:`, or with a memory tier over it `sqlite:PATH` or a Redis's
/// address (redis/address.h). Fails with bad_config for any other scheme, naming those that there are, and for an
/// address that is none; with a sentence that names the remedy where the store cannot be used. Whether to go on with
/// `memory:` then is the caller's to decide.
[[nodiscard]] base::result<std::unique_ptr<entry::store>> open_store(store_options options);

}  // namespace refrain::store
