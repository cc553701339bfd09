#pragma once

#include "provider/rules/dialect.h"

/// Google's Gemini API, which its servers and Vertex's answer alike.
namespace refrain::provider {

/// `POST models/{model}:generateContent` and `:streamGenerateContent` (API reference, "GenerateContentRequest"), in all
/// three forms: one object, an array of such, events. One entry serves all.
///
/// What Google's servers do for a request is a matter of the moment, not an effect: searches, maps, pages that are
/// fetched, code that is run in a sandbox. So these are cached, for as long as their TTL says. Not cached: what refers
/// to what the provider keeps (cached contents, the Files API, file search stores, tokens to continue by), has foreign
/// servers called (MCP), or is to be logged.
extern const dialect gemini_content;

/// `POST models/{model}:countTokens` (API reference, "Counting tokens").
extern const dialect gemini_count_tokens;

/// `POST models/{model}:embedContent` and `:batchEmbedContents` (API reference, "Embeddings"): a vector for each
/// content, each an entry of its own in whichever of the two it was asked for. Nothing in an answer tells the order.
extern const dialect gemini_embeddings;

}  // namespace refrain::provider
