#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "entry/parsed_request.h"
#include "provider/batch.h"

namespace refrain::provider {

/// The facts of a request to `/api/embed` as a whole. One without a text has the model loaded, and is not cached.
[[nodiscard]] entry::parsed_request read_ollama_embed_request(std::string_view body);

/// The same of `/api/embeddings`.
[[nodiscard]] entry::parsed_request read_ollama_embeddings_request(std::string_view body);

/// The texts of a request to `/api/embed` whose facts let it be cached.
[[nodiscard]] std::vector<batch_item> ollama_embed_items(std::string_view body);

/// The body that asks for some of them, ascending.
[[nodiscard]] std::string ask_ollama_embed(std::string_view body, std::span<const std::size_t> wanted);

}  // namespace refrain::provider
