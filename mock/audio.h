#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
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

/// What is to be known of an encoding.
struct encoding_facts {
  unsigned width;                 ///< bytes of a sample
  unsigned wave_tag;              ///< the number that WAVE gives it (RFC 2361)
  std::string_view content_type;  ///< of raw audio
};
[[nodiscard]] const encoding_facts& facts_of(sample_encoding encoding);

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

/// The lowest `bytes` bytes of a number.
void put_little_endian(std::string& out, std::uint32_t number, unsigned bytes);

/// The samples as they stand in raw audio. G.711 as ITU-T has it: the 14 (mu-law) or 13 (A-law) upper bits count.
[[nodiscard]] std::string encoded(const pcm& sound, sample_encoding encoding);

/// A pure tone of `hertz`, of a length in whole samples.
[[nodiscard]] pcm tone(std::chrono::duration<double> length, unsigned sample_rate, unsigned hertz);

/// What stands before the samples in a WAV file with so many bytes of them, an even number: RIFF, fmt, fact where
/// the encoding is not linear, LIST/INFO with `comment` in ICMT, and the head of data.
[[nodiscard]] std::string wav_head(const audio_format& format, std::size_t sample_bytes, std::string_view comment);

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
