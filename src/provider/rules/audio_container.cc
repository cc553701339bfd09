#include "provider/rules/audio_container.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/utf8.h"

namespace refrain::provider {
namespace {

using enum uncacheable_reason;

/// Of raw samples; two milliseconds of the poorest telephone.
constexpr std::size_t least_samples = 32;

unsigned byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

std::uint32_t little_endian(std::string_view bytes, std::size_t at) {
  return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8U | byte_at(bytes, at + 2) << 16U |
         byte_at(bytes, at + 3) << 24U;
}

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  return byte_at(bytes, at) << 24U | byte_at(bytes, at + 1) << 16U | byte_at(bytes, at + 2) << 8U |
         byte_at(bytes, at + 3);
}

verdict refused(uncacheable_reason why) { return {.why_not = why, .usage = {}, .marks = {}}; }

/// Good audio. `by_framing`: it may have gone on.
verdict kept(bool by_framing) { return {.usage = {}, .marks = {}, .by_framing = by_framing}; }

/// Nothing but characters that a person reads: JSON, HTML, the sentence of a proxy.
bool is_text(std::string_view bytes) {
  const auto is_control = [](unsigned char c) {
    return (c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7F;
  };
  return std::ranges::none_of(bytes, is_control) && base::is_utf8(bytes);
}

/// A size that was written before anybody knew it: 0, or about the most that a signed or an unsigned one can say.
bool is_unknown(std::uint32_t size) {
  return size == 0 || (size >= 0x7FFF'0000 && size < 0x8000'0000) || size >= 0xFFFF'0000;
}

/// "Multimedia Programming Interface and Data Specifications 1.0": chunks of an even length.
verdict judge_wav(std::string_view bytes) {
  if (bytes.size() < 12) return refused(truncated);
  if (bytes.substr(8, 4) != "WAVE") return refused(malformed_answer);
  bool has_format = false;
  for (std::uint64_t at = 12; at + 8 <= bytes.size();) {
    const auto name = bytes.substr(at, 4);
    const auto size = little_endian(bytes, at + 4);
    const auto left = bytes.size() - at - 8;
    if (name == "data") {
      if (!has_format) return refused(malformed_answer);
      if (left == 0) return refused(is_unknown(size) ? empty_answer : truncated);
      if (is_unknown(size)) return kept(true);
      return left < size ? refused(truncated) : kept(false);
    }
    has_format = has_format || name == "fmt ";
    at += 8 + std::uint64_t{size} + size % 2;
  }
  return refused(truncated);
}

/// RFC 3533, section 6: pages, each of segments whose lengths its header lists.
verdict judge_ogg(std::string_view bytes) {
  constexpr std::size_t header = 27;
  constexpr unsigned last_page = 4;
  bool has_sound = false;
  bool has_end = false;
  while (!bytes.empty()) {
    if (bytes.size() < header || !bytes.starts_with("OggS")) return refused(truncated);
    const std::size_t segments = byte_at(bytes, 26);
    std::size_t size = header + segments;
    if (bytes.size() < size) return refused(truncated);
    for (std::size_t i = 0; i < segments; ++i) size += byte_at(bytes, header + i);
    if (bytes.size() < size) return refused(truncated);
    const auto position = std::uint64_t{little_endian(bytes, 10)} << 32U | little_endian(bytes, 6);
    has_sound = has_sound || (position != 0 && position != UINT64_MAX);
    has_end = (byte_at(bytes, 5) & last_page) != 0;
    bytes.remove_prefix(size);
  }
  return has_sound ? kept(!has_end) : refused(empty_answer);
}

/// The length of the AAC frame (ISO/IEC 13818-7, ADTS) that stands there; nothing where none does.
std::optional<std::size_t> adts_frame(std::string_view bytes) {
  if (bytes.size() < 7 || byte_at(bytes, 0) != 0xFF || (byte_at(bytes, 1) & 0xF6U) != 0xF0) return std::nullopt;
  const std::size_t size = (byte_at(bytes, 3) & 3U) << 11U | byte_at(bytes, 4) << 3U | byte_at(bytes, 5) >> 5U;
  return size >= 7 ? std::optional{size} : std::nullopt;
}

/// Kilobits a second by the index in the header, of MPEG-1 in its layers I, II, III, and of the later generations in
/// layer I and in the others.
constexpr std::array<std::array<std::uint16_t, 15>, 5> bit_rates{{
    {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}};
constexpr std::array<std::uint32_t, 3> sample_rates{44'100, 48'000, 32'000};

/// The length of the frame of MPEG audio (ISO/IEC 11172-3, 13818-3) that stands there; nothing where none does.
std::optional<std::size_t> mpeg_frame(std::string_view bytes) {
  if (bytes.size() < 4 || byte_at(bytes, 0) != 0xFF || (byte_at(bytes, 1) & 0xE0U) != 0xE0) return std::nullopt;
  const auto version = byte_at(bytes, 1) >> 3U & 3U;  // 3: MPEG-1, 2: MPEG-2, 0: 2.5
  const auto layer = 4 - (byte_at(bytes, 1) >> 1U & 3U);
  const auto rate = byte_at(bytes, 2) >> 4U;
  const auto frequency = byte_at(bytes, 2) >> 2U & 3U;
  if (version == 1 || layer == 4 || rate == 0 || rate == 15 || frequency == 3) return std::nullopt;
  const bool first = version == 3;
  const std::size_t row = first ? layer - 1 : (layer == 1 ? 3 : 4);
  const std::size_t hertz = sample_rates[frequency] >> (first ? 0U : (version == 2 ? 1U : 2U));
  const std::size_t padding = byte_at(bytes, 2) >> 1U & 1U;
  const std::size_t bits = bit_rates[row][rate] * std::size_t{1000};
  if (layer == 1) return (12 * bits / hertz + padding) * 4;
  return (layer == 3 && !first ? 72 : 144) * bits / hertz + padding;
}

verdict judge_frame(std::string_view bytes, std::size_t size) {
  return bytes.size() < size ? refused(truncated) : kept(true);
}

/// "FLAC format": blocks of metadata, the last of which says so.
verdict judge_flac(std::string_view bytes) {
  constexpr unsigned is_last = 0x80;
  std::uint64_t at = 4;
  for (bool ended = false; !ended;) {
    if (at + 4 > bytes.size()) return refused(truncated);
    ended = (byte_at(bytes, at) & is_last) != 0;
    at += 4 + (big_endian(bytes, at) & 0xFF'FFFFU);
  }
  return at < bytes.size() ? kept(true) : refused(truncated);
}

/// ISO/IEC 14496-12, section 4.2: boxes, of which the last may go on to the end.
verdict judge_mp4(std::string_view bytes) {
  bool has_media = false;
  while (!bytes.empty()) {
    if (bytes.size() < 16) return refused(truncated);
    const auto name = bytes.substr(4, 4);
    std::uint64_t size = big_endian(bytes, 0);
    if (size == 1) size = std::uint64_t{big_endian(bytes, 8)} << 32U | big_endian(bytes, 12);
    has_media = has_media || (name == "mdat" && size != 8);
    if (size == 0) return has_media ? kept(true) : refused(empty_answer);
    if (size < 8) return refused(malformed_answer);
    if (size > bytes.size()) return refused(truncated);
    bytes.remove_prefix(size);
  }
  return has_media ? kept(false) : refused(empty_answer);
}

verdict judge_webm(std::string_view bytes) {
  return bytes.contains("\x1F\x43\xB6\x75") ? kept(true) : refused(truncated);
}

/// What follows a tag (ID3v2.4.0, section 3.1), whose length has seven bits in each of four bytes.
std::optional<std::string_view> behind_tag(std::string_view bytes) {
  constexpr std::size_t header = 10;
  if (bytes.size() < header) return std::nullopt;
  std::size_t size = header;
  for (unsigned i = 0; i < 4; ++i) size += std::size_t{byte_at(bytes, 6 + i) & 0x7FU} << (7 * (3 - i));
  if ((byte_at(bytes, 5) & 0x10U) != 0) size += header;
  return size <= bytes.size() ? std::optional{bytes.substr(size)} : std::nullopt;
}

verdict judge_tagged(std::string_view bytes) {
  while (bytes.starts_with("ID3")) {
    const auto rest = behind_tag(bytes);
    if (!rest) return refused(truncated);
    bytes = *rest;
  }
  const auto begin = bytes.find_first_not_of('\0');
  if (begin == std::string_view::npos) return refused(empty_answer);
  bytes.remove_prefix(begin);
  if (bytes.starts_with("fLaC")) return judge_flac(bytes);
  if (const auto frame = adts_frame(bytes)) return judge_frame(bytes, *frame);
  const auto frame = mpeg_frame(bytes);
  return frame ? judge_frame(bytes, *frame) : refused(malformed_answer);
}

verdict judge_samples(std::string_view bytes) {
  return bytes.size() < least_samples || is_text(bytes) ? refused(malformed_answer) : kept(true);
}

}  // namespace

verdict judge_audio(std::string_view bytes) {
  if (bytes.starts_with("RIFF")) return judge_wav(bytes);
  if (bytes.starts_with("OggS")) return judge_ogg(bytes);
  if (bytes.starts_with("ID3")) return judge_tagged(bytes);
  if (bytes.starts_with("fLaC")) return judge_flac(bytes);
  if (bytes.starts_with("\x1A\x45\xDF\xA3")) return judge_webm(bytes);
  if (bytes.size() >= 8 && bytes.substr(4, 4) == "ftyp") return judge_mp4(bytes);
  if (const auto frame = adts_frame(bytes)) return judge_frame(bytes, *frame);
  if (const auto frame = mpeg_frame(bytes)) return judge_frame(bytes, *frame);
  return judge_samples(bytes);
}

}  // namespace refrain::provider
