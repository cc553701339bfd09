#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "entry/parsed_request.h"
#include "provider/batch.h"

namespace refrain::provider {

/// The facts of an embeddings request as a whole.
[[nodiscard]] entry::parsed_request read_openai_embeddings_request(std::string_view body);

/// Its items; `body` must be one whose facts let it be cached.
[[nodiscard]] std::vector<batch_item> openai_embeddings_items(std::string_view body);

/// The body that asks for some of them, ascending.
[[nodiscard]] std::string ask_openai_embeddings(std::string_view body, std::span<const std::size_t> wanted);

/// Whether the answer is to hold base64 rather than numbers.
[[nodiscard]] bool wants_base64(std::string_view body);

}  // namespace refrain::provider
