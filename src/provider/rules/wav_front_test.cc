#include "provider/rules/wav_front.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace refrain::provider {
namespace {

std::string number(std::uint32_t value) {
  std::string bytes;
  for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  return bytes;
}

std::string front(std::uint32_t riff, std::uint32_t data) {
  return "RIFF" + number(riff) + "WAVEfmt " + number(16) + std::string(16, 'f') + "data" + number(data);
}

std::optional<std::string> mended(const std::string& whole) {
  const std::array<std::string_view, 1> file{whole};
  return true_wav_front(file);
}

const std::string samples(100, '\x01');
const std::string right = front(136, 100);

TEST(wav_front, says_the_true_sizes_where_nobody_knew_them) {
  for (const auto& [riff, data] :
       {std::pair{0U, 0U}, std::pair{0xFFFFFFFFU, 0xFFFFFFFFU}, std::pair{0x7FFFFFFFU, 0x7FFFFFDBU},
        std::pair{136U, 0U}, std::pair{0U, 100U}, std::pair{76U, 40U}, std::pair{200U, 164U}}) {
    EXPECT_EQ(mended(front(riff, data) + samples), right) << riff << " " << data;
  }
}

TEST(wav_front, stays_where_its_sizes_are_true) {
  EXPECT_EQ(mended(right + samples), std::nullopt);
  const auto list = "LIST" + number(3) + "abc";
  EXPECT_EQ(mended(front(136 + 11, 100) + samples + list), std::nullopt)
      << "the last byte that makes it even is missing";
  EXPECT_EQ(mended(front(136 + 12, 100) + samples + list + '\0'), std::nullopt);
}

TEST(wav_front, keeps_the_size_of_data_that_other_chunks_follow) {
  const auto list = "LIST" + number(4) + "abcd";
  EXPECT_EQ(mended(front(0, 100) + samples + list), front(136 + 12, 100));
  EXPECT_EQ(mended(front(0, 0) + samples + list), front(136 + 12, 112)) << "where it ends is not known";
}

TEST(wav_front, looks_over_the_edges_of_pieces) {
  const auto whole = front(0, 100) + samples + "LIST" + number(4) + "abcd";
  for (std::size_t cut = 44; cut < whole.size(); ++cut) {
    const std::array<std::string_view, 2> file{std::string_view{whole}.substr(0, cut),
                                               std::string_view{whole}.substr(cut)};
    EXPECT_EQ(true_wav_front(file), front(148, 100)) << cut;
  }
  const std::array<std::string_view, 2> cut_in_front{std::string_view{whole}.substr(0, 43),
                                                     std::string_view{whole}.substr(43)};
  EXPECT_EQ(true_wav_front(cut_in_front), std::nullopt);
}

TEST(wav_front, is_no_others_business) {
  for (const auto& other : {std::string{}, std::string{"RIFF"}, "RIFF" + number(0) + "AVI " + samples, "OggS" + samples,
                            front(0, 0).substr(0, 40), std::string{"ID3"} + samples}) {
    EXPECT_EQ(mended(other), std::nullopt) << other;
  }
  EXPECT_EQ(true_wav_front({}), std::nullopt);
}

}  // namespace
}  // namespace refrain::provider
