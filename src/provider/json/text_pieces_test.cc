#include "provider/json/text_pieces.h"

#include <gtest/gtest.h>

#include <string>

#include "provider/json/json_text.h"

namespace refrain::provider {
namespace {

using pieces = std::vector<std::string_view>;

TEST(text_pieces, are_a_few_words_each) {
  EXPECT_EQ(cut_text("The capital of Norway is Oslo, a city on a fjord."),
            (pieces{"The capital of Norway", " is Oslo, a city on a", " fjord."}));
  EXPECT_EQ(cut_text("Hello there."), pieces{"Hello there."});
  EXPECT_EQ(cut_text(""), pieces{});
}

TEST(text_pieces, are_cut_neither_within_an_escape_nor_within_a_character) {
  for (const auto* const word : {R"(\ud83d\ude00)", R"(\n\")", "é", "日本", R"(\\ )"}) {
    std::string spelling;
    for (int i = 0; i < 50; ++i) spelling += word;
    std::string joined;
    for (const auto piece : cut_text(spelling)) {
      EXPECT_TRUE(text_of_json(piece)) << piece;
      joined += piece;
    }
    EXPECT_EQ(joined, spelling);
  }
}

TEST(text_pieces, are_not_too_many) {
  std::string spelling;
  while (spelling.size() < 1'000'000) spelling += "word ";
  EXPECT_LE(cut_text(spelling).size(), 256U);
  EXPECT_LE(cut_text(spelling, 100'000).size(), 2U);
  EXPECT_EQ(cut_text(spelling, 1'000'000).size(), 1U);
}

}  // namespace
}  // namespace refrain::provider
