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

}  // namespace
}  // namespace refrain::mock
