#include "encoder/word_pieces.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "support/temp_folder.h"

namespace refrain::encoder {
namespace {

/// A piece's number is its place here.
const std::vector<std::string> vocabulary{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "un",  "##aff", "##able",
                                          "cafe",  "!",     "北",    "京",    "the", "##e",   "naive",
                                          "$",     "5",     "–",     "नमस",   "##त", "##er",  "##北"};

class pieces : public ::testing::Test {
 protected:
  pieces() {
    std::ofstream file{folder_.file("vocab.txt")};
    for (const auto& one : vocabulary) file << one << '\n';
    file.close();
    known_ = word_pieces::open(folder_.file("vocab.txt")).value();
  }
  [[nodiscard]] std::vector<std::string> of(std::string_view text, std::size_t most = 100) const {
    std::vector<std::string> names;
    for (const auto id : known_->split(text, most)) names.push_back(vocabulary[static_cast<std::size_t>(id)]);
    return names;
  }
  using names = std::vector<std::string>;
  tests::temp_folder folder_;
  std::optional<word_pieces> known_;
};

TEST_F(pieces, are_the_longest_known_beginnings_of_words) {
  EXPECT_EQ(of("unaffable"), (names{"un", "##aff", "##able"}));
  EXPECT_EQ(of("the unaffer"), (names{"the", "un", "##aff", "##er"}));
  EXPECT_EQ(of("unknown"), (names{"[UNK]"})) << "a word is known whole or not at all";
  EXPECT_EQ(of(std::string(101, 'e')), (names{"[UNK]"}));
}

TEST_F(pieces, have_neither_case_nor_accents) {
  EXPECT_EQ(of("THE Café naïve"), (names{"the", "cafe", "naive"}));
  EXPECT_EQ(of("cafe\xCC\x81"), (names{"cafe"})) << "an accent of its own";
  EXPECT_EQ(of("नमस्ते"), (names{"नमस", "##त"})) << "Mn marks go, as in BERT itself";
}

TEST_F(pieces, keep_punctuation_and_chinese_characters_apart) {
  EXPECT_EQ(of("the!the"), (names{"the", "!", "the"}));
  EXPECT_EQ(of("$5–the"), (names{"$", "5", "–", "the"}));
  EXPECT_EQ(of("the北京the"), (names{"the", "北", "京", "the"}));
}

TEST_F(pieces, leave_out_what_cannot_be_seen) {
  EXPECT_EQ(of(std::string_view{"th\0e", 4}), (names{"the"}));
  EXPECT_EQ(of("t\xE2\x80\x8Bhe\x07"), (names{"the"})) << "a zero-width blank, a bell";
  EXPECT_EQ(of("the\xFF\xC3the"), (names{"[UNK]"})) << "no UTF-8";
  EXPECT_EQ(of(" \t\r\n\xC2\xA0 "), names{});
  EXPECT_EQ(of(""), names{});
}

TEST_F(pieces, end_where_no_more_are_wanted) {
  EXPECT_EQ(of("unaffable the", 2), (names{"un", "##aff"}));
  EXPECT_EQ(of("the the the", 0), names{});
}

TEST_F(pieces, need_the_marks_in_their_file) {
  std::ofstream{folder_.file("vocab.txt")} << "the\n[CLS]\n[SEP]\n";
  const auto refused = word_pieces::open(folder_.file("vocab.txt"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().context.contains("lacks the piece [UNK]"));
  EXPECT_EQ(word_pieces::open(folder_.file("none")).error().code, base::errc::not_found);
}

}  // namespace
}  // namespace refrain::encoder
