#pragma once

#include <string>

#include "base/result.h"

namespace refrain::cli {

/// Prints how alike two texts are, by the encoder and by the pair scorer where there is one, and how long each took.
/// Errors: those of the encoder, which may not be installed.
[[nodiscard]] base::result<int> print_scores(const std::string& first, const std::string& second);

}  // namespace refrain::cli
