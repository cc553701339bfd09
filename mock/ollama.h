#pragma once

#include "mock/provider.h"

/// Speaks as Ollama's own API does.
namespace refrain::mock::ollama {

/// Errors are {"error": message}. Clients of its cloud show a key; a server at home wants none.
inline constexpr provider api{.name = "ollama",
                              .keys = {"Authorization: Bearer"},
                              .json_type = "application/json; charset=utf-8",
                              .stream_type = "application/x-ndjson"};

/// POST /api/chat and /api/generate: lines of JSON unless `stream` is false. The text follows from the proof (proof.h)
/// of the body without `keep_alive`, so the two forms of one request say the same; the times are new in each answer.
///
/// - `tools` and a last message from the user: a call of the first tool, with arguments that fit its schema.
///   `x-mock-tools` sets how many.
/// - `think`: thoughts come first.
/// - `format`: JSON, that fits the schema where it is one.
/// - `options.num_predict` cuts.
/// - no messages, or no prompt: the model is loaded, or unloaded by `keep_alive: 0`.
///
/// 400: the body is not a JSON object, or `model` is missing.
[[nodiscard]] answer chat(const call& asked);
[[nodiscard]] answer generate(const call& asked);

/// POST /api/embed: a vector for each text of `input`, of `dimensions` numbers or 8; none for no text. 400: the body is
/// not a JSON object, or names no model.
[[nodiscard]] answer embed(const call& asked);
/// POST /api/embeddings: one vector for `prompt`.
[[nodiscard]] answer embeddings(const call& asked);

/// GET /api/tags: the models that are there. Any other name is served as well.
[[nodiscard]] answer list_models(const call& asked);
/// GET /api/version.
[[nodiscard]] answer version(const call& asked);

}  // namespace refrain::mock::ollama
