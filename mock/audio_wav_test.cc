#include "mock/audio.h"

#include <gtest/gtest.h>

#include <string>

#include "support/mock/audio.h"

namespace refrain::mock {
namespace {

struct wav_case {
  sample_encoding encoding;
  std::uint32_t tag;
  std::uint32_t bits;
};

TEST(wav, says_what_its_samples_are) {
  for (const auto& [encoding, tag, bits] :
       {wav_case{sample_encoding::s16, 1, 16}, wav_case{sample_encoding::f32, 3, 32},
        wav_case{sample_encoding::alaw, 6, 8}, wav_case{sample_encoding::mulaw, 7, 8}}) {
    const std::string samples = "eight by";
    const auto file = test::take_apart(
        wav_head({.encoding = encoding, .sample_rate = 16'000}, samples.size(), "a comment") + samples);
    EXPECT_EQ(file.tag, tag);
    EXPECT_EQ(file.bits, bits);
    EXPECT_EQ(file.channels, 1U);
    EXPECT_EQ(file.sample_rate, 16'000U);
    EXPECT_EQ(file.byte_rate, 16'000U * bits / 8);
    EXPECT_EQ(file.block, bits / 8);
    EXPECT_EQ(file.comment, "a comment");
    EXPECT_EQ(file.samples, samples);
  }
}

std::string linear_file() { return wav_head({.sample_rate = 22'050}, 4, "x") + std::string("\x01\x00\xff\xff", 4); }

TEST(wav, is_read_back) {
  const auto sound = read_wav(linear_file());
  ASSERT_TRUE(sound);
  EXPECT_EQ(sound->sample_rate, 22'050U);
  EXPECT_EQ(sound->samples, (std::vector<std::int16_t>{1, -1}));
}

TEST(wav, is_read_as_far_as_it_goes_where_its_writer_did_not_know_the_length) {
  auto file = linear_file();
  file.replace(file.size() - 8, 4, "\x00\xf0\xff\x7f", 4);
  const auto sound = read_wav(file);
  ASSERT_TRUE(sound);
  EXPECT_EQ(sound->samples.size(), 2U);
}

TEST(wav, is_not_anything_else) {
  const auto file = linear_file();
  for (std::size_t size = 0; size < file.size() - 4; ++size) EXPECT_FALSE(read_wav(file.substr(0, size))) << size;
  EXPECT_FALSE(read_wav("RIFF....WAVEdata\x04\0\0\0abcd"));
  EXPECT_FALSE(read_wav(wav_head({.encoding = sample_encoding::mulaw}, 2, "x") + "ab")) << "not 16 bit";
}

}  // namespace
}  // namespace refrain::mock
