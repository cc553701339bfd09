#include "mock/audio_samples.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace refrain::mock {
namespace {

constexpr double loudness = 8'000;  // a quarter of the range

template <class Unsigned>
void put_little_endian(std::string& out, Unsigned bits) {
  for (unsigned shift = 0; shift < 8 * sizeof bits; shift += 8) out += static_cast<char>((bits >> shift) & 0xffU);
}

/// Where a magnitude with its top bit at 7 or above stands on the logarithmic scale: segment, then four bits within.
unsigned segment_and_step(unsigned magnitude) {
  const auto segment = static_cast<unsigned>(std::bit_width(magnitude)) - 8;
  return (segment << 4U) | ((magnitude >> (segment + 3)) & 0xfU);
}

unsigned char to_mulaw(int sample) {
  constexpr unsigned bias = 132;
  const auto magnitude = std::min(static_cast<unsigned>(std::abs(sample & ~3)), 32'635U) + bias;
  return static_cast<unsigned char>(~((sample < 0 ? 0x80U : 0U) | segment_and_step(magnitude)));
}

unsigned char to_alaw(int sample) {
  const auto magnitude = static_cast<unsigned>(sample < 0 ? ~sample : sample);
  const auto level = magnitude < 256 ? magnitude >> 4U : segment_and_step(magnitude);
  return static_cast<unsigned char>(((sample < 0 ? 0U : 0x80U) | level) ^ 0x55U);
}

}  // namespace

std::size_t bytes_of(sample_encoding encoding) {
  switch (encoding) {
    case sample_encoding::s16: return 2;
    case sample_encoding::f32: return 4;
    case sample_encoding::mulaw:
    case sample_encoding::alaw: break;
  }
  return 1;
}

std::string encoded(const pcm& sound, sample_encoding encoding) {
  std::string out;
  out.reserve(sound.samples.size() * bytes_of(encoding));
  for (const auto sample : sound.samples) {
    switch (encoding) {
      case sample_encoding::s16: put_little_endian(out, static_cast<std::uint16_t>(sample)); break;
      case sample_encoding::f32:
        put_little_endian(out, std::bit_cast<std::uint32_t>(static_cast<float>(sample) / 32'768.0F));
        break;
      case sample_encoding::mulaw: out += static_cast<char>(to_mulaw(sample)); break;
      case sample_encoding::alaw: out += static_cast<char>(to_alaw(sample)); break;
    }
  }
  return out;
}

pcm resampled(const pcm& sound, unsigned sample_rate) {
  if (sound.sample_rate == sample_rate || sound.samples.empty()) return {sample_rate, sound.samples};
  const auto last = sound.samples.size() - 1;
  pcm other{sample_rate, std::vector<std::int16_t>(sound.samples.size() * sample_rate / sound.sample_rate)};
  const auto step = static_cast<double>(sound.sample_rate) / sample_rate;
  for (std::size_t at = 0; at < other.samples.size(); ++at) {
    const auto exact = static_cast<double>(at) * step;
    const auto left = std::min(static_cast<std::size_t>(exact), last);
    const auto right = std::min(left + 1, last);
    const auto value = std::lerp(sound.samples[left], sound.samples[right], exact - static_cast<double>(left));
    other.samples[at] = static_cast<std::int16_t>(std::lround(value));
  }
  return other;
}

pcm tone(std::chrono::duration<double> length, unsigned sample_rate, unsigned hertz) {
  // Whole hertz: the wave of one second fits the next.
  std::vector<std::int16_t> second(sample_rate);
  for (std::size_t at = 0; at < second.size(); ++at) {
    const auto phase = 2 * std::numbers::pi * hertz * static_cast<double>(at) / sample_rate;
    second[at] = static_cast<std::int16_t>(std::lround(loudness * std::sin(phase)));
  }
  pcm sound{sample_rate, std::vector<std::int16_t>(static_cast<std::size_t>(length.count() * sample_rate))};
  for (std::size_t at = 0; at < sound.samples.size(); ++at) sound.samples[at] = second[at % second.size()];
  return sound;
}

}  // namespace refrain::mock
