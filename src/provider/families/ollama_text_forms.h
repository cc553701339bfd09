#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace refrain::provider {

/// The lines of a chat's or a prompt's answer as the one object that a plain answer is: texts and thoughts joined, tool
/// calls and log probabilities behind each other, of all else the last that is not null. Fails with not_found where
/// they do not go together.
[[nodiscard]] base::result<std::string> merge_ollama_lines(std::string_view lines);

/// A plain answer as two lines: what it says, and what ends it. Fails with not_found where it is no object.
[[nodiscard]] base::result<std::string> split_ollama_answer(std::string_view plain);

}  // namespace refrain::provider
