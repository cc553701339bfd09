#include "mock/text.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/text.h"

namespace refrain::mock {
namespace {

constexpr std::string_view proof = "0123456789abcdef";

TEST(answer_text, starts_with_the_proof_and_quotes_the_question) {
  EXPECT_TRUE(answer_text(proof, "Why?", 200, 0).starts_with("proof:0123456789abcdef You asked: \"Why?\". "));
}

TEST(answer_text, keeps_the_proof_whole_however_short_it_is) {
  EXPECT_EQ(answer_text(proof, "Why?", 3, 0), "proof:0123456789abcdef");
}

TEST(answer_text, has_the_length_that_is_asked_for) {
  for (const std::size_t bytes : {64U, 1000U, 100'000U}) EXPECT_EQ(answer_text(proof, "Why?", bytes, 0).size(), bytes);
}

TEST(answer_text, follows_from_its_arguments) {
  EXPECT_EQ(answer_text(proof, "Why?", 500, 1), answer_text(proof, "Why?", 500, 1));
  EXPECT_NE(answer_text(proof, "Why?", 500, 1), answer_text(proof, "Why?", 500, 2));
}

TEST(tokens, joined_are_the_text_and_the_proof_is_one_of_them) {
  for (const auto text : {std::string_view("proof:0123456789abcdef You asked: \"Warum größer? 😀😀😀😀\"."),
                          std::string_view(" "), std::string_view("a  b\n\nc "), std::string_view("")}) {
    const auto tokens = tokens_of(text);
    EXPECT_EQ(std::accumulate(tokens.begin(), tokens.end(), std::string{}), text);
    for (const auto& token : tokens)
      EXPECT_EQ(base::head_of(token + "x", token.size()), token) << "a character was cut";
  }
  EXPECT_EQ(tokens_of("proof:0123456789abcdef You").front(), "proof:0123456789abcdef");
}

TEST(tokens, are_words_with_the_blank_before_them) {
  EXPECT_EQ(tokens_of("A river, slow"), (std::vector<std::string>{"A", " river", ",", " slow"}));
}

TEST(tokens, are_handed_out_in_pieces_of_so_many) {
  const std::vector<std::string> tokens{"A", " river", ",", " slow"};
  EXPECT_EQ(pieces_of(tokens, 1), tokens);
  EXPECT_EQ(pieces_of(tokens, 3), (std::vector<std::string>{"A river,", " slow"}));
  EXPECT_TRUE(pieces_of({}, 3).empty());
}

}  // namespace
}  // namespace refrain::mock
