#pragma once

#include <memory>

#include "provider/rules/answer_judge.h"

namespace refrain::provider {

/// Judges content, whole or as a stream's chunks ("GenerateContentResponse"). Stored is an answer of which each
/// candidate has come to its end, or to the length that was asked for. `SAFETY`, `RECITATION` and their like, of the
/// answer or of the question, are the provider's filter; every other reason means that the model broke off.
[[nodiscard]] std::unique_ptr<answer_judge> judge_gemini_content();

/// What `usageMetadata` counts: the prompt with what tools brought to it, and answers with thoughts.
[[nodiscard]] entry::token_usage read_gemini_usage(const canonical_value& usage);

}  // namespace refrain::provider
