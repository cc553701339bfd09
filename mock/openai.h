#pragma once

#include "mock/provider.h"

/// Speaks as OpenAI's API does. Each text follows from the body's proof (proof.h), so that the plain and the streamed
/// form of one request say the same; ids are new in each answer. 400 in OpenAI's shape: the body is not a JSON object,
/// or a member is missing that the endpoint needs.
namespace refrain::mock::openai {

/// Errors are {"error": {"message", "type", "param", "code"}}.
inline constexpr provider api{
    .name = "openai", .keys = {"Authorization: Bearer"}, .stream_type = "text/event-stream; charset=utf-8"};

/// POST .../chat/completions. Needs `model` and `messages`.
///
/// - `tools` and a last message from the user: a call of the first tool (or of the one `tool_choice` names), with
///   arguments that fit its schema. After a tool's message: text.
/// - `response_format`: JSON that fits the schema.
/// - a model with "reason" in its name thinks first, in `reasoning_content`.
/// - `n`, `max_tokens`, `max_completion_tokens`, `logprobs`, `stream_options.include_usage` do as documented.
[[nodiscard]] answer chat_completions(const call& asked);

/// POST .../completions. `n`, a list of prompts, `echo`, `max_tokens`, `logprobs`, `stream_options.include_usage` do as
/// documented. Needs `model`.
[[nodiscard]] answer completions(const call& asked);

/// POST .../responses. The ids of tool calls follow from the proof. The response echoes what the request says of
/// itself: `user`, `metadata`, `store` and their like. Needs `model` or `prompt`.
///
/// - `tools` with a function, and a last item from the user: a call of the first one (`x-mock-tools` of them), with
///   arguments that fit its schema. After its output: text.
/// - `text.format`: JSON that fits the schema. A model with "reason" in its name gives a summary of its reasoning
/// first.
/// - `max_output_tokens` cuts the text, the response is then `incomplete`; `background` leaves it `queued`.
[[nodiscard]] answer responses(const call& asked);

/// POST .../embeddings: a vector for each input, as numbers or in base64 (`encoding_format`), of `dimensions` floats
/// (8). The vector proves its input: it follows from the input's JSON text and the model alone, so that it is the same
/// whatever else was asked for with it. Knows the faults x-mock-missing and x-mock-reversed. Needs `input` and `model`.
[[nodiscard]] answer embeddings(const call& asked);

/// POST .../moderations: one result for each input, flagged where its text holds "violence". `id` holds the body's
/// proof behind "modr-". Needs `input`.
[[nodiscard]] answer moderations(const call& asked);

/// POST .../rerank, in vLLM's shape: the documents, the best first, at most `top_n`; scores follow from the body's
/// proof, which `id` holds behind "rerank-". Needs `query` and `documents`.
[[nodiscard]] answer rerank(const call& asked);

/// POST .../images/generations: real PNG images (png.h) whose comment is "proof:<the body's proof>" and, from the
/// second on, the number of the image. As base64, or behind links for DALL-E models unless `response_format` is
/// `b64_json`. `stream` gives `partial_images` images on the way, then the last. Needs `prompt`.
[[nodiscard]] answer images(const call& asked);

/// POST .../audio/transcriptions: a form with `file` and `model`. The text follows from the form's proof. It comes as
/// `response_format` asks: json, verbose_json, text, srt or vtt; with `stream=true` as events, except from `whisper-1`,
/// which ignores it. `include[]=logprobs` does as documented.
[[nodiscard]] answer transcriptions(const call& asked);
/// POST .../audio/translations: the same without streams.
[[nodiscard]] answer translations(const call& asked);

/// POST .../audio/speech: mp3 (24 kHz, 160 kbit/s) where `response_format` does not say wav or pcm (16 bit, 24 kHz).
/// Chunked; with `stream_format` "sse" as speech.audio.delta events, whose base64 texts joined by their bytes are the
/// same clip, then speech.audio.done with usage, which x-mock-no-done leaves out. Needs `model`, `input` and `voice`.
///
/// The proof is of the body without `stream_format`, `response_format` and `speed` written out where they are absent
/// ("mp3", 1).
///
/// Also 400: `input` is longer than 4,096 characters, a format the mock does not make, "sse" of tts-1.
[[nodiscard]] answer speech(const call& asked);

/// GET /v1/models: the list of models this provider claims to have. Any other model name is served as well.
[[nodiscard]] answer list_models(const call& asked);
/// GET /v1/models/<name>: that model, whether it is in the list or not.
[[nodiscard]] answer one_model(const call& asked);

}  // namespace refrain::mock::openai
