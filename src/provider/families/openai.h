#pragma once

#include <span>

#include "provider/rules/dialect.h"
#include "provider/rules/keyed_members.h"

/// OpenAI's endpoints, as OpenAI and every compatible server speak them.
namespace refrain::provider {

/// `POST /chat/completions`. One entry serves plain and streamed requests.
///
/// Everything in the body is keyed but the denylist, `null`s and unknown members too. Not cached are: `store: true`
/// (the provider keeps the completion for the account); what refers to state that the provider keeps for a time (a
/// file's or an earlier audio's id, `previous_response_id`) or answers with it (audio output has an id that expires).
/// `web_search_options` is cached like the rest: a search has no effect upstream, and how old its result may be is what
/// a TTL says. More than 256 members at the top are not the shape of this endpoint.
extern const dialect openai_chat;

/// Members of a chat or completion that are forwarded, and not keyed.
[[nodiscard]] std::span<const unkeyed_member> openai_chat_denylist() noexcept;

/// `POST /completions`. Keyed like chat completions, with the same denylist. The prompt is a string, or a list: of
/// strings, of token ids, of lists of these; a request without one is cached too, as the model then writes from the
/// start of a document. `store: true` is not cached.
extern const dialect openai_completions;

/// `POST /embeddings` (API reference, "Create embeddings"): a vector for each text or list of tokens, each an entry of
/// its own whatever else was asked for with it and however its floats were spelt.
extern const dialect openai_embeddings;

/// `POST /responses`. One entry serves plain and streamed requests: a stream's last event carries the whole response.
/// Entries are bound to the upstream account, as the ids in them work there alone.
///
/// Everything in the body is keyed but `stream`, `stream_options` and LiteLLM's `cache`: the answer echoes `user`,
/// `metadata`, `store`, `service_tier` and their like, so leaving them out would show one user another's tags, and a
/// response made with `store: false` cannot be followed up. For the same reason `store: true`, the default here, is
/// cached.
///
/// Not cached are: `background` (the answer is fetched later), `conversation` (the call adds to it), a `prompt`
/// template without its version (it changes with each that is published), tools that act elsewhere (`mcp`), search
/// files that the account may change (`file_search`) or work in a container whose ids expire (`code_interpreter`, a
/// hosted `shell`).
///
/// What refers to something that its account keeps unchanged (`previous_response_id`, an item's or a file's id) is
/// cached, and marked `exact_only`.
extern const dialect openai_responses;

/// `POST /audio/speech` (API reference, "Create speech"): audio as it is, or with `stream_format: "sse"` events that
/// hold it in base64, between others that are ignored, up to `speech.audio.done`. One entry serves both, as far as it
/// can: events hold the audio, audio does not turn into events.
extern const dialect openai_speech;

/// Transcriptions and translations (`POST /audio/transcriptions`, `/audio/translations`): a form with a file, answered
/// in JSON, or as the text, SRT or VTT that `response_format` asks for, or as a stream of its words.
///
/// Keyed are the parts of the form: name, content type, bytes, whether it is a file. The boundary, the file's name and
/// the order of parts with different names are not. `stream` is left out of the key where the answer is the short JSON
/// (`response_format` absent or `json`): its stream then holds the same, and one entry serves both. Whatever the form
/// is, it goes upstream to the letter.
///
/// A form that multipart.h does not read, without file or model, or with a `stream` that is neither `true` nor `false`,
/// is a malformed body; two of `model`, `response_format` or `stream` are an ambiguous one.
extern const dialect openai_transcription;

/// `POST /images/generations`. `user` and `safety_identifier` are keyed, as the answer echoes them. Links to images
/// expire within the hour: only answers that hold the images themselves are stored. A stream (`partial_images`) is an
/// entry of its own.
extern const dialect openai_images;

/// `POST /moderations`.
extern const dialect openai_moderations;

/// `POST /rerank`, as Cohere, Jina and vLLM speak it, which servers of other makers have beside OpenAI's endpoints.
extern const dialect rerank;

}  // namespace refrain::provider
