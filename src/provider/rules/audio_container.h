#pragma once

#include <string_view>

#include "provider/wire.h"

namespace refrain::provider {

/// Judges a whole answer that is to be audio, by its first bytes and by the length that its container tells.
///
/// | begins with | is kept where |
/// |---|---|
/// | `RIFF` (WAV) | it has samples, and all that its sizes say; 0 and about 2 or 4 GiB mean that nobody knew them |
/// | `OggS` | its last page is whole, and one of them has sound |
/// | `ID3`, a frame of MPEG audio or AAC | a whole frame follows the tags |
/// | `fLaC` | something follows the metadata |
/// | an `ftyp` box (MP4) | its boxes are whole, and one of them has media |
/// | an EBML header (WebM) | it has a cluster |
/// | anything else (raw samples) | it is no text and has 32 bytes |
///
/// Where the container does not tell its end, `by_framing` is set.
[[nodiscard]] verdict judge_audio(std::string_view bytes);

}  // namespace refrain::provider
