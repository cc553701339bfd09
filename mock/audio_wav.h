#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mock/audio.h"

namespace refrain::mock {

/// What stands before the samples in a WAV file with so many bytes of them, an even number: RIFF, fmt, fact where
/// the encoding is not linear, LIST/INFO with `comment` in ICMT, and the head of data.
[[nodiscard]] std::string wav_head(const audio_format& format, std::size_t sample_bytes, std::string_view comment);

/// The sound of a WAV file with one channel of 16 bit. The chunk `data` may claim more than there is, as it does where
/// the writer did not know the length. Nothing: it is no such file.
[[nodiscard]] std::optional<pcm> read_wav(std::string_view file);

}  // namespace refrain::mock
