#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace refrain::mock {

/// Whether MPEG audio layer III has that bit rate at that sample rate: MPEG-1 from 32,000 Hz, MPEG-2 from 16,000 Hz,
/// MPEG-2.5 below.
[[nodiscard]] bool mp3_has(unsigned sample_rate, unsigned bit_rate);

/// What stands before the frames: an ID3v2.3 tag with `comment` (Latin-1) in a COMM frame.
[[nodiscard]] std::string mp3_head(std::string_view comment);

/// Silence of at least that length as whole frames of one channel at a constant bit rate. Each frame is a header, side
/// information of zeros, which says that no granule has any data, and zeros up to its size. The rates must be ones that
/// `mp3_has`.
[[nodiscard]] std::string mp3_silence(std::chrono::duration<double> length, unsigned sample_rate, unsigned bit_rate);

}  // namespace refrain::mock
