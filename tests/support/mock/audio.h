#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Reads sound for the tests of this folder, with none of the code that writes it.
namespace refrain::mock::test {

/// The 16 hex digits after "proof:"; empty where there are none.
inline std::string proof_in(std::string_view bytes) {
  const auto at = bytes.find("proof:");
  return at == std::string_view::npos ? "" : std::string(bytes.substr(at + 6, 16));
}

inline std::uint32_t little_endian(std::string_view bytes, std::size_t from, std::size_t count) {
  std::uint32_t number = 0;
  for (auto at = count; at-- > 0;) number = number << 8U | static_cast<unsigned char>(bytes.at(from + at));
  return number;
}

/// A WAV file taken apart.
struct wav_file {
  std::uint32_t tag = 0, channels = 0, sample_rate = 0, byte_rate = 0, block = 0, bits = 0;
  std::string comment;  ///< LIST/INFO ICMT, without the zero at its end
  std::string samples;
  [[nodiscard]] double seconds() const { return static_cast<double>(samples.size()) / byte_rate; }
  [[nodiscard]] std::int16_t sample(std::size_t at) const {
    return static_cast<std::int16_t>(little_endian(samples, 2 * at, 2));
  }
};

/// Every size is checked against the file's.
inline wav_file take_apart(std::string_view file) {
  wav_file got;
  EXPECT_TRUE(file.starts_with("RIFF")) << file.substr(0, 40);
  if (!file.starts_with("RIFF")) return got;
  EXPECT_EQ(little_endian(file, 4, 4), file.size() - 8);
  EXPECT_EQ(file.substr(8, 4), "WAVE");
  std::map<std::string_view, std::string_view> chunks;
  for (std::size_t at = 12; at < file.size();) {
    const auto size = little_endian(file, at + 4, 4);
    EXPECT_LE(at + 8 + size, file.size());
    chunks[file.substr(at, 4)] = file.substr(at + 8, size);
    at += 8 + size + size % 2;
  }
  const auto format = chunks["fmt "];
  got.tag = little_endian(format, 0, 2);
  got.channels = little_endian(format, 2, 2);
  got.sample_rate = little_endian(format, 4, 4);
  got.byte_rate = little_endian(format, 8, 4);
  got.block = little_endian(format, 12, 2);
  got.bits = little_endian(format, 14, 2);
  const auto list = chunks["LIST"];
  EXPECT_TRUE(list.starts_with("INFOICMT"));
  got.comment = list.substr(12, little_endian(list, 8, 4) - 1);
  got.samples = chunks["data"];
  return got;
}

/// What the headers of an MP3 file's frames say, as a decoder walks from one to the next.
struct mp3_file {
  std::string comment;  ///< of ID3v2's COMM frame
  unsigned sample_rate = 0;
  std::size_t frames = 0;
  std::size_t frame_bytes = 0;
  double seconds = 0;
};

inline mp3_file walk(std::string_view file) {
  mp3_file got;
  EXPECT_TRUE(file.starts_with("ID3\x03"));
  const auto tag = static_cast<std::size_t>(file.at(9)) + 10;
  EXPECT_EQ(file.substr(10, 4), "COMM");
  got.comment = file.substr(10 + 10 + 5, tag - 25);
  const std::map<unsigned, std::vector<unsigned>> rates{
      {3, {44'100, 48'000, 32'000}}, {2, {22'050, 24'000, 16'000}}, {0, {11'025, 12'000, 8'000}}};
  const std::vector<unsigned> first{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
  const std::vector<unsigned> second{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
  auto at = tag;
  while (at + 4 <= file.size()) {
    const auto byte = [&](std::size_t offset) {
      return static_cast<unsigned>(static_cast<unsigned char>(file[at + offset]));
    };
    EXPECT_EQ(byte(0), 0xffU) << "no frame at " << at;
    EXPECT_EQ(byte(1) & 0xe7U, 0xe3U) << "sync, layer III, no checksum";
    if (byte(0) != 0xffU) return got;
    const auto version = (byte(1) >> 3U) & 3U;
    const auto kilobits = (version == 3 ? first : second).at(byte(2) >> 4U);
    got.sample_rate = rates.at(version).at((byte(2) >> 2U) & 3U);
    const auto samples = version == 3 ? 1152U : 576U;
    EXPECT_EQ(byte(3) >> 6U, 3U) << "one channel";
    at += samples / 8 * kilobits * 1000 / got.sample_rate + ((byte(2) >> 1U) & 1U);
    ++got.frames;
    got.seconds += static_cast<double>(samples) / got.sample_rate;
  }
  EXPECT_EQ(at, file.size());
  got.frame_bytes = file.size() - tag;
  return got;
}

/// Base64 to bytes.
inline std::string from_base64(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6U | static_cast<std::uint32_t>(digits.find(c));
    held += 6;
    if (held >= 8) bytes += static_cast<char>((bits >> (held -= 8)) & 0xffU);
  }
  return bytes;
}

}  // namespace refrain::mock::test
