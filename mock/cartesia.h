#pragma once

#include "mock/provider.h"

/// Speaks as Cartesia's API does.
namespace refrain::mock::cartesia {

/// Errors have the shape of version 2026-03-01: {"error_code", "title", "message", "request_id"}.
inline constexpr provider api{.name = "cartesia", .keys = {"X-API-Key", "Authorization: Bearer"}};

/// POST .../tts/bytes: `transcript` as a chunked body in `output_format`: `container` raw, wav or mp3, `encoding`
/// pcm_s16le, pcm_f32le, pcm_mulaw or pcm_alaw, `sample_rate`, and `bit_rate` of mp3.
///
/// The proof is of the body without what changes no sound: `context_id`, `save`, and the members that ask for
/// timestamps.
///
/// 400: no JSON object, `model_id`, `transcript` or `voice` is missing, a form the mock does not make.
[[nodiscard]] answer speech_bytes(const call& asked);

/// POST .../tts/sse: the same clip, of a raw container alone, as `chunk` events with base64 in `data`; `timestamps`
/// events with its words after each of them where `add_timestamps` asks for it; then `done`, which x-mock-no-done
/// leaves out. Each has the request's `context_id`.
[[nodiscard]] answer speech_events(const call& asked);

}  // namespace refrain::mock::cartesia
