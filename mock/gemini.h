#pragma once

#include <string_view>

#include "mock/provider.h"

/// Speaks as Google's Gemini API does. The path says what is asked: /v1beta/models/{model}:{verb}.
namespace refrain::mock::gemini {

/// What the path says.
struct target {
  std::string_view model;
  std::string_view verb;
};
[[nodiscard]] target target_of(const call& asked);

/// Whether the call wants a stream as a JSON array, not as events (`alt=sse`).
[[nodiscard]] bool wants_array(const call& asked);

/// Errors are {"error": {"code", "message", "status"}} with the status' name in google.rpc.Code; the only element of an
/// array where an array was asked for.
inline constexpr provider api{.name = "gemini",
                              .keys = {"x-goog-api-key", "?key", "Authorization: Bearer"},
                              .no_key_status = 403,
                              .json_type = "application/json; charset=UTF-8",
                              .lists_errors = wants_array};

/// POST .../models/{model}:generateContent, and :streamGenerateContent as events (`alt=sse`) or as an array. The text
/// follows from the proof (proof.h) of the body with the path's model in it as `model`, so all forms of one request say
/// the same; `responseId` is new in each answer.
///
/// - functions offered and a question that brings no function's result: a call of the first that may be called, with
///   arguments that fit its schema and a signature. `x-mock-tools` sets how many.
/// - `includeThoughts`: thoughts come first, and a signature last.
/// - `responseMimeType: application/json`: JSON that fits the schema.
/// - `candidateCount` and `maxOutputTokens` do as documented. Each chunk counts the tokens so far.
/// - a text with "unspeakable" in it is blocked.
///
/// 400: the body is no JSON object, or has no contents.
[[nodiscard]] answer generate_content(const call& asked);

/// POST .../models/{model}:countTokens.
[[nodiscard]] answer count_tokens(const call& asked);

/// POST .../models/{model}:embedContent and :batchEmbedContents. A vector follows from the content, the model and the
/// task; `outputDimensionality` numbers, or 8. 400: a content is missing.
[[nodiscard]] answer embed_content(const call& asked);

/// GET .../models: the models that this provider claims to have. Any other name is served as well.
[[nodiscard]] answer list_models(const call& asked);
/// GET .../models/<name>: that model, whether it is in the list or not.
[[nodiscard]] answer one_model(const call& asked);

}  // namespace refrain::mock::gemini
