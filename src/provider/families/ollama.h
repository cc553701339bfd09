#pragma once

#include "provider/rules/dialect.h"

/// Ollama's own API.
namespace refrain::provider {

/// `POST /api/chat`: lines of JSON, or with `stream: false` one object. One entry serves both. A request without
/// messages is no question: it has the model loaded, or unloaded, and is not cached.
extern const dialect ollama_chat;

/// `POST /api/generate`: the same of a prompt.
extern const dialect ollama_generate;

/// `POST /api/embed`: a vector for each text, each an entry of its own whatever else was asked for with it. Nothing in
/// an answer tells the order of its vectors; its times are those of the first. A request without a text has the model
/// loaded, and is not cached.
extern const dialect ollama_embed;

/// Its older `POST /api/embeddings`: one vector for one prompt.
extern const dialect ollama_embeddings;

}  // namespace refrain::provider
