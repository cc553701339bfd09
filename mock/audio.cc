#include "mock/audio.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace refrain::mock {
namespace {

constexpr double loudness = 8'000;  // a quarter of the range

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

std::optional<audio_format> format_named(std::span<const named_format> known, std::string_view name) {
  const auto found = std::ranges::find(known, name, &named_format::name);
  return found == known.end() ? std::nullopt : std::optional(found->format);
}

bool is_made(const audio_format& format) {
  if (format.sample_rate < 8'000 || format.sample_rate > 48'000) return false;
  return format.container != audio_container::mp3 || mp3_has(format.sample_rate, format.bit_rate);
}

const encoding_facts& facts_of(sample_encoding encoding) {
  static constexpr encoding_facts facts[] = {
      {.width = 2, .wave_tag = 1, .content_type = "audio/pcm"},
      {.width = 4, .wave_tag = 3, .content_type = "audio/pcm"},
      {.width = 1, .wave_tag = 7, .content_type = "audio/basic"},
      {.width = 1, .wave_tag = 6, .content_type = "audio/x-alaw-basic"},
  };
  return facts[static_cast<std::size_t>(encoding)];
}

std::string_view content_type_of(const audio_format& format) {
  if (format.container == audio_container::mp3) return "audio/mpeg";
  if (format.container == audio_container::wav) return "audio/wav";
  return facts_of(format.encoding).content_type;
}

void put_little_endian(std::string& out, std::uint32_t number, unsigned bytes) {
  for (unsigned at = 0; at < bytes; ++at) out += static_cast<char>((number >> (8 * at)) & 0xffU);
}

std::string encoded(const pcm& sound, sample_encoding encoding) {
  std::string out;
  out.reserve(sound.samples.size() * facts_of(encoding).width);
  for (const auto sample : sound.samples) {
    switch (encoding) {
      case sample_encoding::s16: put_little_endian(out, static_cast<std::uint16_t>(sample), 2); break;
      case sample_encoding::f32:
        put_little_endian(out, std::bit_cast<std::uint32_t>(static_cast<float>(sample) / 32'768.0F), 4);
        break;
      case sample_encoding::mulaw: out += static_cast<char>(to_mulaw(sample)); break;
      case sample_encoding::alaw: out += static_cast<char>(to_alaw(sample)); break;
    }
  }
  return out;
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
