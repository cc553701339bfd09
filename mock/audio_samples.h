#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "mock/audio.h"

namespace refrain::mock {

/// Bytes of one sample.
[[nodiscard]] std::size_t bytes_of(sample_encoding encoding);

/// The samples as they stand in raw audio. G.711 as ITU-T has it: the 14 (mu-law) or 13 (A-law) upper bits count.
[[nodiscard]] std::string encoded(const pcm& sound, sample_encoding encoding);

/// The same sound at another rate, by linear interpolation.
[[nodiscard]] pcm resampled(const pcm& sound, unsigned sample_rate);

/// A pure tone of `hertz`, of a length in whole samples.
[[nodiscard]] pcm tone(std::chrono::duration<double> length, unsigned sample_rate, unsigned hertz);

}  // namespace refrain::mock
