#pragma once

#include <memory>

#include "mock/provider.h"
#include "mock/websocket.h"

/// Speaks as Sarvam's API does.
namespace refrain::mock::sarvam {

/// Errors are {"error": {"message", "code", "request_id"}}, with the codes of docs.sarvam.ai, "Errors &
/// Troubleshooting". An answer's `request_id` is the day of the call and a UUID.
inline constexpr provider api{.name = "sarvam", .keys = {"api-subscription-key"}, .no_key_status = 403};

/// POST .../text-to-speech: `text`, or each of `inputs`, as base64 in `audios`, in their order: wav where
/// `output_audio_codec` does not say mp3, linear16, mulaw or alaw, at `speech_sample_rate` or 22,050 Hz.
///
/// x-mock-missing leaves out the last of them, x-mock-reversed turns their order round.
///
/// The proof of an audio is of the body with that text in `text` and without `inputs`, the language in `language_code`
/// whichever name it came under, and codec, sample rate (a number) and, for mp3, `output_audio_bitrate` written out
/// where they are absent. So a text sounds the same alone, in a list, and on /stream.
///
/// 400: no JSON object, no text, no language, a format the mock does not make.
[[nodiscard]] answer text_to_speech(const call& asked);

/// POST .../text-to-speech/stream: `text` as a chunked body; mp3 where no codec is asked for. The language may be left
/// out.
[[nodiscard]] answer text_to_speech_stream(const call& asked);

/// The WebSocket /text-to-speech/ws (docs.sarvam.ai: "Text to speech, streaming").
///
/// The client sends `config`, `text`, `flush` and `ping`. Text gathers until it is `min_buffer_size` long (50) or
/// flushed, and is answered with an `audio` message; where the query says `send_completion_event=true`, a flush also
/// with the event `final`. The audio is no sound: it spells "<speaker>: <text>", so that a test can tell what was
/// spoken.
[[nodiscard]] std::unique_ptr<websocket_handler> speech_socket(const call& asked);

/// POST .../translate: a `translated_text` that has the body's proof, the target language and what was asked in it.
/// "auto" as the source is taken for en-IN.
///
/// 400: no JSON object, or `input`, `source_language_code` or `target_language_code` is missing.
[[nodiscard]] answer translate(const call& asked);

}  // namespace refrain::mock::sarvam
