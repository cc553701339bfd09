#include "mock/audio.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>

namespace refrain::mock {
namespace {

using namespace std::chrono_literals;

struct g711_vector {
  std::int16_t sample;
  unsigned char mulaw;
  unsigned char alaw;
};

/// As sox and Python's audioop have them.
constexpr g711_vector vectors[] = {
    {0, 0xff, 0xd5},      {1, 0xff, 0xd5},     {-1, 0x7e, 0x55},    {7, 0xfe, 0xd5},     {-8, 0x7e, 0x55},
    {15, 0xfd, 0xd5},     {16, 0xfd, 0xd4},    {-16, 0x7d, 0x55},   {-17, 0x7c, 0x54},   {255, 0xe7, 0xda},
    {256, 0xe7, 0xc5},    {-256, 0x67, 0x5a},  {-257, 0x67, 0x45},  {1000, 0xce, 0xfa},  {-1000, 0x4e, 0x7a},
    {8159, 0x9f, 0x8a},   {-8160, 0x1f, 0x0a}, {16383, 0x8f, 0xba}, {32635, 0x80, 0xaa}, {32767, 0x80, 0xaa},
    {-32768, 0x00, 0x2a},
};

TEST(g711, agrees_with_other_encoders) {
  for (const auto& [sample, mulaw, alaw] : vectors) {
    const pcm one{8'000, {sample}};
    EXPECT_EQ(static_cast<unsigned char>(encoded(one, sample_encoding::mulaw)[0]), mulaw) << sample;
    EXPECT_EQ(static_cast<unsigned char>(encoded(one, sample_encoding::alaw)[0]), alaw) << sample;
  }
}

TEST(linear, is_little_endian) {
  const pcm two{8'000, {0x0102, -2}};
  EXPECT_EQ(encoded(two, sample_encoding::s16), std::string("\x02\x01\xfe\xff", 4));
  const auto floats = encoded({8'000, {16'384, -32'768}}, sample_encoding::f32);
  float first = 0, second = 0;
  std::memcpy(&first, floats.data(), 4);
  std::memcpy(&second, floats.data() + 4, 4);
  EXPECT_EQ(first, 0.5F);
  EXPECT_EQ(second, -1.0F);
}

TEST(tone, has_its_pitch_and_length) {
  const auto sound = tone(1500ms, 16'000, 440);
  ASSERT_EQ(sound.samples.size(), 24'000U);
  int rising = 0;
  for (std::size_t at = 1; at < 16'000; ++at) {
    if (sound.samples[at - 1] < 0 && sound.samples[at] >= 0) ++rising;
  }
  EXPECT_NEAR(rising, 440, 1);
}

}  // namespace
}  // namespace refrain::mock
