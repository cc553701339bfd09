#include "mock/speech.h"

#include <gtest/gtest.h>

#include <string>

#include "support/mock/audio.h"

namespace refrain::mock {
namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr audio_format raw{.container = audio_container::raw};
constexpr audio_format mp3{.container = audio_container::mp3, .sample_rate = 44'100, .bit_rate = 128'000};

utterance says(std::string text, const audio_format& format = {}) {
  return {.text = std::move(text), .proof = std::string(digits), .format = format};
}

TEST(speech, is_wav_that_decodes_to_a_tone_and_then_silence) {
  const auto file = test::take_apart(speak(says("Hello there")).bytes);
  EXPECT_EQ(file.sample_rate, 24'000U);
  EXPECT_NEAR(file.seconds(), 11 * 0.06 + 0.2, 0.001);
  int loudest = 0;
  for (std::size_t at = 0; at < 10'000; ++at) loudest = std::max<int>(loudest, file.sample(at));
  EXPECT_NEAR(loudest, 8'000, 10);
  EXPECT_EQ(file.sample(file.samples.size() / 2 - 1), 0);
}

TEST(speech, lasts_as_long_in_every_form) {
  const auto wav = test::take_apart(speak(says("Hello there")).bytes);
  EXPECT_NEAR(test::walk(speak(says("Hello there", mp3)).bytes).seconds, wav.seconds(), 1152.0 / 44'100);
  EXPECT_EQ(speak(says("Hello there", raw)).bytes.size(), wav.samples.size());
}

TEST(speech, holds_its_proof_in_every_form) {
  EXPECT_EQ(test::take_apart(speak(says("x")).bytes).comment, "proof:" + std::string(digits));
  EXPECT_EQ(test::walk(speak(says("x", mp3)).bytes).comment, "proof:" + std::string(digits));
  for (const auto encoding :
       {sample_encoding::s16, sample_encoding::f32, sample_encoding::mulaw, sample_encoding::alaw}) {
    auto format = raw;
    format.encoding = encoding;
    const auto made = speak(says("x", format));
    EXPECT_TRUE(made.bytes.starts_with("proof:" + std::string(digits)));
    EXPECT_EQ(made.head, 0U);
  }
}

TEST(speech, is_the_same_for_the_same_utterance_and_differs_by_its_proof) {
  EXPECT_EQ(speak(says("x")).bytes, speak(says("x")).bytes);
  auto other = says("x");
  other.proof = "1123456789abcdef";
  EXPECT_NE(test::take_apart(speak(other).bytes).samples, test::take_apart(speak(says("x")).bytes).samples)
      << "another pitch";
}

TEST(speech, takes_its_speed_into_account_and_ends_some_time) {
  auto fast = says(std::string(100, 'a'));
  fast.speed = 2;
  EXPECT_NEAR(speak(fast).length.count(), 3.2, 0.001);
  EXPECT_NEAR(speak(says(std::string(40'000, 'a'), mp3)).length.count(), 300.2, 0.001);
}

TEST(speech, counts_characters_and_not_bytes) {
  const std::string text = "\u0928\u092e\u0938\u094d\u0924\u0947";
  EXPECT_EQ(speak(says(text)).characters, 6U);
  EXPECT_EQ(characters_of(text).size(), 6U);
  EXPECT_EQ(characters_of(text)[1], "\u092e");
}

TEST(pieces, are_the_clip_cut_after_its_words) {
  const std::string text = "Hello there, \u00e9t\u00e9.";
  for (const auto& format : {audio_format{}, raw, mp3}) {
    const auto made = speak(says(text, format));
    std::string joined, said;
    std::size_t count = 0;
    const auto pieces = pieces_of(made, 1);
    for (const auto& piece : pieces) {
      EXPECT_EQ(piece.first, count);
      EXPECT_FALSE(piece.bytes.empty());
      joined += piece.bytes;
      count += piece.characters.size();
      for (const auto& one : piece.characters) said += one;
    }
    EXPECT_EQ(joined, made.bytes);
    EXPECT_EQ(said, text);
    EXPECT_TRUE(pieces.back().characters.empty()) << "the silence";
    EXPECT_EQ(pieces.front().characters.size(), 5U) << "Hello";
    EXPECT_EQ(pieces_of(made, 100).size(), 2U);
  }
}

TEST(pieces, of_raw_audio_are_whole_samples) {
  auto format = raw;
  format.encoding = sample_encoding::f32;
  const auto made = speak(says("Some words here", format));
  for (const auto& piece : pieces_of(made, 1)) EXPECT_EQ(piece.bytes.size() % 4, 0U);
}

}  // namespace
}  // namespace refrain::mock
