#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace refrain::base {

/// Makes the folder where it is missing, and sees to it that its owner alone may enter (mode 0700). Fails with io.
[[nodiscard]] result<void> make_private_folder(const std::filesystem::path& folder);

enum class if_exists : unsigned char { replace, keep };

/// Writes a file that its owner alone may read (mode 0600), in one step: another process sees all of it or none.
/// Returns whether it was written: false where one exists and is to be kept. Fails with io.
[[nodiscard]] result<bool> write_private_file(const std::filesystem::path& path, std::string_view text, if_exists then);

/// Takes group's and others' rights away from a file; whether it had granted any. Fails with io.
[[nodiscard]] result<bool> make_private(const std::filesystem::path& path);

}  // namespace refrain::base
