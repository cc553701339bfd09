#include "provider/rules/audio_container.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace refrain::provider {
namespace {

using enum uncacheable_reason;
using namespace std::string_literals;

std::string little_endian(std::uint32_t number) {
  std::string bytes;
  for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(number >> (8 * i) & 0xFFU));
  return bytes;
}

std::string samples(std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) bytes.push_back(static_cast<char>(bytes.size() * 37));
  return bytes;
}

constexpr std::uint32_t unknown = 0xFFFF'FFFF;

/// A WAV whose sizes are said to be these.
std::string wav(std::uint32_t file, std::uint32_t data, std::string_view sound) {
  return "RIFF" + little_endian(file) + "WAVEfmt " + little_endian(16) +
         "\x01\0\x01\0\x40\x1F\0\0\x80\x3E\0\0\x02\0\x10\0"s + "data" + little_endian(data) + std::string{sound};
}

std::string good_wav() { return wav(36 + 40, 40, samples(40)); }

/// A frame of MPEG-2.5, layer III, 8 kbit/s at 8 kHz.
std::string mpeg_frame() { return "\xFF\xE3\x18\xC4" + samples(68); }

std::string tag(std::size_t size) { return "ID3\x04\0\0\0\0\0"s + static_cast<char>(size) + std::string(size, 'x'); }

/// An AAC frame of 64 bytes.
std::string aac_frame() { return "\xFF\xF1\x50\x80\x08\x1F\xFC" + samples(57); }

std::string ogg_page(char flags, std::uint32_t position, std::string_view sound) {
  return "OggS\0"s + flags + little_endian(position) + little_endian(0) + std::string(12, '\1') + '\1' +
         static_cast<char>(sound.size()) + std::string{sound};
}

std::string box(std::string_view name, std::string_view content) {
  return "\0\0\0"s + static_cast<char>(content.size() + 8) + std::string{name} + std::string{content};
}

std::string flac(std::string_view frames) { return "fLaC\x80\0\0\x22"s + samples(34) + std::string{frames}; }

struct judged {
  std::string_view name;
  std::string bytes;
  uncacheable_reason why = none;
  bool by_framing = false;
};

class audio_containers : public ::testing::TestWithParam<judged> {};

TEST_P(audio_containers, are_judged) {
  const auto& [name, bytes, why, by_framing] = GetParam();
  const auto found = judge_audio(bytes);
  EXPECT_EQ(to_string(found.why_not), to_string(why));
  if (why == none) EXPECT_EQ(found.by_framing, by_framing);
}

INSTANTIATE_TEST_SUITE_P(
    each, audio_containers,
    ::testing::Values(
        judged{"wav", good_wav()}, judged{"wav_with_more_behind", good_wav() + "LIST"},
        judged{"wav_of_unknown_length", wav(unknown, unknown, samples(40)), none, true},
        judged{"wav_of_unknown_signed_length", wav(0x7FFF'FFFF, 0x7FFF'FFDB, samples(40)), none, true},
        judged{"wav_of_length_0", wav(36, 0, samples(40)), none, true},
        judged{"wav_header", wav(36, 0, ""), empty_answer},
        judged{"wav_header_of_unknown_length", wav(unknown, unknown, ""), empty_answer},
        judged{"wav_header_that_says_more", wav(36 + 40, 40, ""), truncated},
        judged{"wav_shorter_than_it_says", good_wav().substr(0, 60), truncated},
        judged{"wav_without_samples", good_wav().substr(0, 36), truncated}, judged{"riff", "RIFF", truncated},
        judged{"riff_that_is_no_wave", "RIFF" + little_endian(36) + "AVI " + samples(40), malformed_answer},
        judged{"ogg", ogg_page(2, 0, "OpusHead") + ogg_page(4, 960, samples(40)), none, false},
        judged{"ogg_without_an_end", ogg_page(2, 0, "OpusHead") + ogg_page(0, 960, samples(40)), none, true},
        judged{"ogg_headers", ogg_page(2, 0, "OpusHead") + ogg_page(0, 0, "OpusTags"), empty_answer},
        judged{"ogg_cut", ogg_page(2, 0, "OpusHead") + ogg_page(4, 960, samples(40)).substr(0, 50), truncated},
        judged{"ogg_cut_in_a_header", ogg_page(4, 960, samples(40)) + "OggS", truncated},
        judged{"mp3", mpeg_frame() + mpeg_frame(), none, true},
        judged{"mp3_with_a_tag", tag(40) + mpeg_frame(), none, true},
        judged{"mp3_with_two_tags", tag(40) + tag(9) + std::string(5, '\0') + mpeg_frame(), none, true},
        judged{"mp3_less_than_a_frame", mpeg_frame().substr(0, 70), truncated},
        judged{"tag_alone", tag(40), empty_answer},
        judged{"tag_and_zeros", tag(40) + std::string(40, '\0'), empty_answer},
        judged{"tag_cut", tag(40).substr(0, 30), truncated}, judged{"tag_begun", "ID3", truncated},
        judged{"tag_and_text", tag(40) + "<html>an error of some proxy</html>", malformed_answer},
        judged{"aac", aac_frame() + aac_frame(), none, true}, judged{"aac_cut", aac_frame().substr(0, 40), truncated},
        judged{"flac", flac(samples(9)), none, true}, judged{"flac_header", flac(""), truncated},
        judged{"flac_begun", "fLaC", truncated}, judged{"mp4", box("ftyp", "M4A .......") + box("mdat", samples(40))},
        judged{"mp4_cut", box("ftyp", "M4A .......") + box("mdat", samples(40)).substr(0, 30), truncated},
        judged{"mp4_without_media", box("ftyp", "M4A .......") + box("moov", samples(40)), empty_answer},
        judged{"webm", "\x1A\x45\xDF\xA3" + samples(40) + "\x1F\x43\xB6\x75" + samples(9), none, true},
        judged{"webm_header", "\x1A\x45\xDF\xA3" + samples(40), truncated}, judged{"samples", samples(40), none, true},
        judged{"silence", std::string(40, '\0'), none, true},
        judged{"silence_in_mulaw", std::string(40, '\xFF'), none, true}, judged{"one_byte", "\x80", malformed_answer},
        judged{"json", R"({"error":{"message":"The voice is not known.","code":404}})", malformed_answer},
        judged{"html", "<!doctype html>\n<html><body>502 Bad Gateway, Straße</body></html>", malformed_answer},
        judged{"sentence", "upstream connect error or disconnect/reset before headers", malformed_answer}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace refrain::provider
