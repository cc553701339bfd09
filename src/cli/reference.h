#pragma once

#include <string>

namespace refrain::cli {

/// docs/reference/commands.md, from the table of commands and their options (`refrain help --markdown`).
[[nodiscard]] std::string reference_of_commands();

/// docs/reference/refrain.1, from the same (`refrain help --man`; man-pages(7)).
[[nodiscard]] std::string manual_page();

}  // namespace refrain::cli
