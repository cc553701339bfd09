#pragma once

#include <filesystem>

namespace refrain::cli {

/// Whether git keeps this file in its index. False where git is not installed, or the folder is in no repository.
[[nodiscard]] bool is_tracked_by_git(const std::filesystem::path& file);

}  // namespace refrain::cli
