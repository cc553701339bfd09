#pragma once

#include <memory>

#include "provider/rules/answer_judge.h"

namespace refrain::provider {

/// Judges a chat's or a prompt's answer, whole or line by line: it ends with `done`, for one of the reasons `stop` and
/// `length`, and says something.
[[nodiscard]] std::unique_ptr<answer_judge> judge_ollama_text();

/// The tokens that an answer counts.
[[nodiscard]] entry::token_usage read_ollama_usage(const canonical_value& answer);

}  // namespace refrain::provider
