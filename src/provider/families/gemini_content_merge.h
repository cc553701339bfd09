#pragma once

#include <span>

#include "base/result.h"
#include "provider/json/json_tree.h"

namespace refrain::provider {

/// The chunks of a stream as the one object that a plain answer is: candidates by their index, their parts behind each
/// other. A text that goes on in the next chunk becomes one part, as do raw samples of sound; a part that carries a
/// signature stays as it came, since clients must hand it back so ("Thought signatures"). Of all else the last that is
/// not null counts. A chunk alone stays as it is.
///
/// Fails with not_found where the chunks do not go together: function calls that come in pieces, sound that is encoded.
[[nodiscard]] base::result<json_tree> merge_gemini_chunks(std::vector<json_tree>&& chunks);

}  // namespace refrain::provider
