#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace refrain::provider {

/// The characters of a JSON string (RFC 8259, section 7) by its spelling without quotes, as `json_tree` keeps it.
/// Nothing where an escape is none, or half of a surrogate pair.
[[nodiscard]] std::optional<std::string> text_of_json(std::string_view spelling);

/// The other way: a spelling without quotes, with no more escapes than there must be. `text` is UTF-8.
[[nodiscard]] std::string json_of_text(std::string_view text);

}  // namespace refrain::provider
