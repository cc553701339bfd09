#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "provider/json/canonical_value.h"
#include "provider/wire.h"

/// What endpoints that speak have in common.
namespace refrain::provider {

/// What every request for speech says, under whatever names. The views live as long as the call.
struct speech_request {
  std::string_view provider;
  std::string_view voice;
  std::string_view codec;
  std::string_view model;
  std::string_view text;
};

/// Writes `group` ("elevenlabs:Rachel"), `suffix`, `model`, `query` and `characters`.
void describe_speech(const speech_request& request, entry::parsed_request& parsed);

/// Reads audio as it is, and judges it as audio_container.h says.
[[nodiscard]] std::unique_ptr<answer_reader> read_audio_answer();

/// The audio that a member of a JSON answer holds in base64; nothing where there is no such member, or it holds none.
[[nodiscard]] std::optional<std::string> audio_in(const canonical_value& object, std::string_view member);

/// Whether a Content-Type may be that of audio: `audio/*`, `application/ogg`, or what says nothing
/// (`application/octet-stream`, absent).
[[nodiscard]] bool is_audio_type(std::string_view content_type) noexcept;

/// The Content-Type that goes with a codec's usual name: mp3, wav, opus, aac, flac, pcm, ulaw...; of those unknown
/// `application/octet-stream`.
[[nodiscard]] std::string_view audio_type_of(std::string_view codec) noexcept;

/// How events that each say their `type` hold audio: one type has a piece of it in base64, another ends the stream and
/// may report the usage. An `error` is one; other types are ignored.
struct audio_events {
  std::string_view piece;   ///< the type
  std::string_view end;     ///< the type
  std::string_view member;  ///< of a piece: its audio
};

/// What an answer that is read by `inner` comes to where its audio is judged too, as that of plain answers is.
/// `audio_of` takes it out of the whole answer; nothing where it cannot be read.
[[nodiscard]] std::unique_ptr<answer_reader> read_with_audio(
    std::unique_ptr<answer_reader> inner, std::function<std::optional<std::string>(std::string_view whole)> audio_of);

/// Reads a stream of them.
[[nodiscard]] std::unique_ptr<answer_reader> read_audio_events(const audio_events& kinds);

/// The audio of a whole stream. Fails with not_found where it cannot be read.
[[nodiscard]] base::result<std::string> join_audio_events(std::string_view stream, const audio_events& kinds);

}  // namespace refrain::provider
