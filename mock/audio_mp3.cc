#include "mock/audio.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

namespace refrain::mock {
namespace {

/// A generation of MPEG audio (ISO/IEC 11172-3, 13818-3, and what is called 2.5 beyond the standard): what a frame's
/// header says of it, its sample rates and bit rates in the order of their codes, and samples in a frame.
struct generation {
  unsigned char version_byte;  // the header's second: sync, version, layer III, no checksum
  std::array<unsigned, 3> sample_rates;
  std::array<unsigned, 14> kilobits;  // code 1 and up
  unsigned frame_samples;
};

constexpr std::array<unsigned, 14> kilobits_of_1 = {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
constexpr std::array<unsigned, 14> kilobits_of_2 = {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};

constexpr generation generations[] = {
    {0xfb, {44'100, 48'000, 32'000}, kilobits_of_1, 1152},
    {0xf3, {22'050, 24'000, 16'000}, kilobits_of_2, 576},
    {0xe3, {11'025, 12'000, 8'000}, kilobits_of_2, 576},
};

struct frame_form {
  const generation* mpeg;
  unsigned rate_code;
  unsigned bit_rate_code;
};

std::optional<frame_form> form_of(unsigned sample_rate, unsigned bit_rate) {
  for (const auto& mpeg : generations) {
    const auto* rate = std::ranges::find(mpeg.sample_rates, sample_rate);
    const auto* bits = std::ranges::find(mpeg.kilobits, bit_rate / 1000);
    if (rate == mpeg.sample_rates.end() || bits == mpeg.kilobits.end() || bit_rate % 1000 != 0) continue;
    return frame_form{.mpeg = &mpeg,
                      .rate_code = static_cast<unsigned>(rate - mpeg.sample_rates.begin()),
                      .bit_rate_code = static_cast<unsigned>(bits - mpeg.kilobits.begin()) + 1};
  }
  return std::nullopt;
}

void put_frame(std::string& out, const frame_form& form, std::size_t size, bool padded) {
  constexpr unsigned one_channel = 3U << 6U;
  const auto end = out.size() + size;
  out += '\xff';
  out += static_cast<char>(form.mpeg->version_byte);
  out += static_cast<char>((form.bit_rate_code << 4U) | (form.rate_code << 2U) | (padded ? 2U : 0U));
  out += static_cast<char>(one_channel);
  out.resize(end);
}

/// Four bytes, seven bits in each.
void put_synchsafe(std::string& out, std::size_t number) {
  for (const unsigned shift : {21U, 14U, 7U, 0U}) out += static_cast<char>((number >> shift) & 0x7fU);
}

}  // namespace

bool mp3_has(unsigned sample_rate, unsigned bit_rate) { return form_of(sample_rate, bit_rate).has_value(); }

std::string mp3_head(std::string_view comment) {
  // No text encoding but Latin-1, a language, no description, then the comment. Shorter than 128 bytes, so that the
  // plain and the synchsafe form of its size agree.
  const auto content = std::string("\0eng\0", 5).append(comment.substr(0, 100));
  std::string frame("COMM");
  put_synchsafe(frame, content.size());
  frame.append("\0\0", 2).append(content);  // no flags
  std::string tag("ID3\x03\0\0", 6);
  put_synchsafe(tag, frame.size());
  return tag + frame;
}

std::string mp3_silence(std::chrono::duration<double> length, unsigned sample_rate, unsigned bit_rate) {
  const auto form = form_of(sample_rate, bit_rate);
  if (!form) return {};
  const auto frames = static_cast<std::uint64_t>(std::ceil(length.count() * sample_rate / form->mpeg->frame_samples));
  const auto bytes_up_to = [&](std::uint64_t frame) {
    return frame * (form->mpeg->frame_samples / 8) * bit_rate / sample_rate;
  };
  const auto unpadded = bytes_up_to(1);
  std::string out;
  out.reserve(bytes_up_to(frames));
  for (std::uint64_t frame = 0; frame < frames; ++frame) {
    // A frame is a byte longer now and then, so that the bit rate is kept on the whole.
    const auto size = bytes_up_to(frame + 1) - bytes_up_to(frame);
    put_frame(out, *form, size, size > unpadded);
  }
  return out;
}

}  // namespace refrain::mock
