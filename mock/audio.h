#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// Sound as bytes, one channel throughout. `audio_*` know nothing of speech or of HTTP.
namespace refrain::mock {

/// What holds the samples of a clip.
enum class audio_container : std::uint8_t { raw, wav, mp3 };

/// How a sample stands in raw audio and in WAV files; MP3 frames have a form of their own.
enum class sample_encoding : std::uint8_t {
  s16,    ///< signed 16 bit, little endian
  f32,    ///< IEEE 754 single, little endian, -1 to 1
  mulaw,  ///< G.711 mu-law
  alaw,   ///< G.711 A-law
};

struct audio_format {
  audio_container container = audio_container::wav;
  sample_encoding encoding = sample_encoding::s16;
  unsigned sample_rate = 24'000;  ///< samples a second
  unsigned bit_rate = 0;          ///< bits a second, of MP3 alone
};

/// A format as a provider names it, with the rates that it usually has.
struct named_format {
  std::string_view name;
  audio_format format;
};

/// Sound in memory.
struct pcm {
  unsigned sample_rate = 0;
  std::vector<std::int16_t> samples{};
};

/// What an endpoint says where it is asked for another form.
inline constexpr std::string_view audio_formats_made =
    "the mock makes mp3 (at the bit rates MPEG has for the sample rate), wav, and raw PCM (16 bit or float), mu-law "
    "and A-law, at 8,000 to 48,000 Hz";

/// The format of that name; nothing where it is not among them.
[[nodiscard]] std::optional<audio_format> format_named(std::span<const named_format> known, std::string_view name);

/// Whether the mock makes it.
[[nodiscard]] bool is_made(const audio_format& format);

/// "audio/mpeg", "audio/wav", or "audio/pcm", "audio/basic" (mu-law) and "audio/x-alaw-basic" for what is raw.
[[nodiscard]] std::string_view content_type_of(const audio_format& format);

}  // namespace refrain::mock
