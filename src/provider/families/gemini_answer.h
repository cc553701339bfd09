#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "provider/json/json_tree.h"
#include "provider/rules/answer_judge.h"

namespace refrain::provider {

/// Judges content, whole or as a stream's chunks ("GenerateContentResponse"). Stored is an answer of which each
/// candidate has come to its end, or to the length that was asked for. `SAFETY`, `RECITATION` and their like, of the
/// answer or of the question, are the provider's filter; every other reason means that the model broke off.
[[nodiscard]] std::unique_ptr<answer_judge> judge_gemini_content();

/// What `usageMetadata` counts: the prompt with what tools brought to it, and answers with thoughts.
[[nodiscard]] entry::token_usage read_gemini_usage(const canonical_value& usage);

/// The chunks of a stream as the one object that a plain answer is: candidates by their index, their parts behind each
/// other. A text that goes on in the next chunk becomes one part, as do raw samples of sound; a part that carries a
/// signature stays as it came, since clients must hand it back so ("Thought signatures"). Of all else the last that is
/// not null counts. A chunk alone stays as it is.
///
/// Fails with not_found where the chunks do not go together: function calls that come in pieces, sound that is encoded.
[[nodiscard]] base::result<json_tree> merge_gemini_chunks(std::vector<json_tree>&& chunks);

}  // namespace refrain::provider
