#include "mock/audio.h"

#include <gtest/gtest.h>

#include "support/mock/audio.h"

namespace refrain::mock {
namespace {

using namespace std::chrono_literals;

struct mp3_case {
  unsigned sample_rate;
  unsigned bit_rate;
  unsigned frame_samples;
};

constexpr mp3_case cases[] = {{44'100, 128'000, 1152}, {44'100, 32'000, 1152}, {48'000, 192'000, 1152},
                              {32'000, 64'000, 1152},  {22'050, 32'000, 576},  {24'000, 160'000, 576},
                              {16'000, 48'000, 576},   {8'000, 64'000, 576}};

TEST(mp3, is_whole_frames_of_the_length_and_bit_rate_asked_for) {
  for (const auto& [sample_rate, bit_rate, frame_samples] : cases) {
    const auto file = test::walk(mp3_head("a comment") + mp3_silence(2s, sample_rate, bit_rate));
    EXPECT_EQ(file.comment, "a comment");
    EXPECT_EQ(file.sample_rate, sample_rate);
    EXPECT_EQ(file.frames, (2 * sample_rate + frame_samples - 1) / frame_samples);
    EXPECT_NEAR(static_cast<double>(file.frame_bytes) * 8 / file.seconds, bit_rate, bit_rate * 0.001);
  }
}

TEST(mp3, has_no_data_in_any_frame) {
  auto frames = mp3_silence(100ms, 24'000, 64'000);
  const auto frame = frames.substr(4, 9);
  EXPECT_EQ(frame, std::string(9, '\0')) << "side information of MPEG-2 with one channel";
}

TEST(mp3, has_only_the_rates_of_its_tables) {
  EXPECT_TRUE(mp3_has(44'100, 320'000));
  EXPECT_TRUE(mp3_has(22'050, 8'000));
  for (const auto& [sample_rate, bit_rate] : {std::pair{44'100U, 8'000U},
                                              {22'050U, 192'000U},
                                              {44'100U, 128'001U},
                                              {44'100U, 0U},
                                              {96'000U, 128'000U},
                                              {0U, 128'000U}}) {
    EXPECT_FALSE(mp3_has(sample_rate, bit_rate)) << sample_rate << " " << bit_rate;
  }
}

}  // namespace
}  // namespace refrain::mock
