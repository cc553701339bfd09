#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace refrain::config {

// How people write values, apart from any setting. Every parser takes a whole text and ignores blanks around it; every
// printer gives a text that its parser reads back as the same value.

/// true, yes, on, 1 and false, no, off, 0, in any case.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text) noexcept;

/// `20 s`, `20s`, `500ms`, `5 minutes`, `1h`, `30 days`, `2 weeks`. A plain number counts `plain_unit`s.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text,
                                                                      std::chrono::milliseconds plain_unit);

/// In the largest unit that divides it: `30 days`, `40 min`, `20 s`.
[[nodiscard]] std::string print_duration(std::chrono::milliseconds value);

/// `256 MiB`, `4GiB`, `64 kB` (1000 bytes each), `12 B`. A plain number counts bytes.
[[nodiscard]] std::optional<base::byte_count> parse_size(std::string_view text);

/// In the largest binary unit that divides it: `1536 MiB`.
[[nodiscard]] std::string print_size(base::byte_count value);

/// Items between commas.
[[nodiscard]] std::vector<std::string> parse_list(std::string_view text);
[[nodiscard]] std::string print_list(const std::vector<std::string>& items);

/// The URL with what may be a password masked: everything between its scheme and the @, and in its query the values of
/// `password` and of names that end so. Where an @ stands after such a name, all is masked.
[[nodiscard]] std::string mask_userinfo(std::string_view url);

}  // namespace refrain::config
