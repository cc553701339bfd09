#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "provider/dialect.h"
#include "provider/json/canonical_value.h"

namespace refrain::provider {

/// Reads audio as it is: any bytes at all but none. That it is whole is for its framing to say, and that it is audio
/// for its Content-Type.
[[nodiscard]] std::unique_ptr<answer_reader> read_audio_answer();

/// The audio that a member of a JSON answer holds in base64; nothing where there is no such member, or it holds none.
[[nodiscard]] std::optional<std::string> audio_in(const canonical_value& object, std::string_view member);

/// Whether a Content-Type may be that of audio: `audio/*`, or what says nothing (`application/octet-stream`, absent).
[[nodiscard]] bool is_audio_type(std::string_view content_type) noexcept;

/// The Content-Type that goes with a codec's usual name: mp3, wav, opus, aac, flac, pcm, ulaw...; of those unknown
/// `application/octet-stream`.
[[nodiscard]] std::string_view audio_type_of(std::string_view codec) noexcept;

}  // namespace refrain::provider
