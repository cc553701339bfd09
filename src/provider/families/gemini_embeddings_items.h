#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "entry/parsed_request.h"
#include "provider/batch.h"

namespace refrain::provider {

/// The facts of a request for embeddings as a whole.
[[nodiscard]] entry::parsed_request read_gemini_embeddings_request(const request_view& request);

/// Its items; it must be one whose facts let it be cached.
[[nodiscard]] std::vector<batch_item> gemini_embeddings_items(const request_view& request);

/// The body that asks for some of them, ascending.
[[nodiscard]] std::string ask_gemini_embeddings(std::string_view body, std::span<const std::size_t> wanted);

/// Whether the answer is to hold a list, however short.
[[nodiscard]] bool is_gemini_batch(std::string_view path) noexcept;

}  // namespace refrain::provider
