#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace refrain::config {

/// The text of a file that holds one value, such as a mounted secret, without the line end that editors add. Fails with
/// bad_config where it cannot be read, is empty, or is over 64 KiB; the context names the path alone.
[[nodiscard]] base::result<std::string> read_secret_file(const std::filesystem::path& path);

/// A whole text file, at most `limit` bytes. Fails with io and the system's reason.
[[nodiscard]] base::result<std::string> read_text_file(const std::filesystem::path& path, std::size_t limit);

}  // namespace refrain::config
