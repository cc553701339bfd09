#include "encoder/pair_scorer.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/encoder/model_file.h"

namespace refrain::encoder {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t width = 32;

/// A scorer's file: two layers of random weights in bytes.
testing::model_file random_scorer(std::size_t wide_as = width) {
  testing::model_file file;
  for (const auto& [name, text] : {std::pair{"format", "refrain pair scorer 1"}, {"form", "int8"}, {"encoder", "abc"}})
    file.describe(name, text);
  file.describe("width", std::to_string(wide_as));
  file.describe("heads", "4");
  file.add("bert.types.weight", {2, wide_as}, 0.2F);
  file.add_normaliser("bert.norm", wide_as);
  for (const std::string layer : {"bert.layers.0.", "bert.layers.1."}) {
    for (const auto* part : {"query", "key", "value", "attended"})
      file.add_linear_of_bytes(layer + part, wide_as, wide_as);
    file.add_normaliser(layer + "attended_norm", wide_as);
    file.add_linear_of_bytes(layer + "inner", 2 * wide_as, wide_as);
    file.add_linear_of_bytes(layer + "outer", wide_as, 2 * wide_as);
    file.add_normaliser(layer + "outer_norm", wide_as);
  }
  file.add_linear_of_bytes("dense", wide_as, wide_as);
  file.add_linear("verdict", 1, wide_as);
  return file;
}

std::string repeated(int times, const std::string& word) {
  std::string text;
  for (int i = 0; i < times; ++i) text += word + " ";
  return text;
}

class pair_scorers : public ::testing::Test {
 protected:
  pair_scorers() {
    encoder_.add_bert({.words = 8, .longest = 256, .width = width, .wide = 2 * width});
    folder_ = fs::path{encoder_.write()}.parent_path().string();
    std::ofstream{folder_ + "/vocab.txt"} << "[PAD]\n[UNK]\n[CLS]\n[SEP]\nred\ndoor\nblue\nopen\n";
    auto scorer = opened(bytes_);
    EXPECT_TRUE(scorer.has_value()) << scorer.error().context;
    scorer_ = std::move(scorer).value();
  }

  [[nodiscard]] base::result<pair_scorer> opened(std::string_view bytes) const {
    return pair_scorer::open(folder_, bytes);
  }
  [[nodiscard]] static double score(const pair_scorer& by, std::string_view one, std::string_view other) {
    workspace with;
    return by.score(std::vector{pair_scorer::pair{one, other}}, with).front();
  }
  [[nodiscard]] double score(std::string_view one, std::string_view other) const { return score(*scorer_, one, other); }

  testing::model_file encoder_;
  std::string folder_;
  const std::string bytes_ = random_scorer().bytes();
  std::optional<pair_scorer> scorer_;
};

TEST_F(pair_scorers, give_a_probability_that_no_order_changes) {
  const auto likely = score("red door", "open the blue door");
  EXPECT_GT(likely, 0);
  EXPECT_LT(likely, 1);
  EXPECT_EQ(likely, score("open the blue door", "red door"));
  EXPECT_GT(std::abs(likely - score("red door", "open the red door")), 1e-4) << "another pair has another";
}

TEST_F(pair_scorers, give_a_pair_the_same_score_whatever_stands_beside_it) {
  workspace with;
  const auto scores = scorer_->score(
      std::vector<pair_scorer::pair>{{"red", "blue"}, {"open open open", ""}, {"red door", "blue door"}}, with);
  ASSERT_EQ(scores.size(), 3U);
  EXPECT_EQ(scores[0], score("red", "blue"));
  EXPECT_EQ(scores[2], score("red door", "blue door"));
  EXPECT_TRUE(scorer_->score({}, with).empty());
}

TEST_F(pair_scorers, read_bytes_as_the_numbers_that_they_stand_for) {
  const auto numbers = random_scorer().in_numbers().bytes();
  const auto by = opened(numbers);
  ASSERT_TRUE(by.has_value()) << by.error().context;
  double least = 1;
  double most = 0;
  for (const auto* text : {"red door", "blue", "open the red door", "door door", "red red red red"}) {
    EXPECT_NEAR(score(*by, text, "blue door"), score(text, "blue door"), 0.01) << text;
    least = std::min(least, score(text, "blue door"));
    most = std::max(most, score(text, "blue door"));
  }
  EXPECT_GT(most - least, 0.04) << "a scorer that says the same of all proves nothing";
}

TEST_F(pair_scorers, cut_the_longer_text_first) {
  const auto likely = score(repeated(300, "red"), "blue door");
  EXPECT_EQ(score(repeated(400, "red"), "blue door"), likely);
  EXPECT_NE(score(repeated(400, "red"), "blue open"), likely) << "the shorter one is read whole";
  // Two long ones share the room.
  const auto long_text = repeated(300, "door");
  const auto half = score(repeated(126, "red") + repeated(100, "blue"), long_text);
  EXPECT_EQ(score(repeated(126, "red") + repeated(90, "open"), long_text), half);
  EXPECT_NE(score(repeated(125, "red") + repeated(100, "blue"), long_text), half);
}

TEST_F(pair_scorers, that_are_cut_are_refused) {
  for (std::size_t size = 0; size < bytes_.size(); size += 101) {
    const auto refused = opened(std::string_view{bytes_}.substr(0, size));
    ASSERT_FALSE(refused.has_value()) << size;
    EXPECT_EQ(refused.error().code, base::errc::bad_config);
  }
}

TEST_F(pair_scorers, of_another_form_or_width_are_refused) {
  auto thin = random_scorer();
  thin.describe("form", "rank");
  EXPECT_TRUE(opened(thin.bytes()).error().context.contains("of form int8"));
  EXPECT_FALSE(opened(random_scorer(2 * width).bytes()).has_value()) << "twice as wide as the encoder's tables";
  EXPECT_FALSE(opened(encoder_.bytes()).has_value()) << "an encoder";
  EXPECT_EQ(pair_scorer::open(folder_ + "/none", bytes_).error().code, base::errc::not_found);
}

TEST_F(pair_scorers, say_whose_encoder_they_need_and_which_they_are) {
  EXPECT_EQ(scorer_->encoder(), "abc");
  auto other = random_scorer();
  other.add_linear("verdict", 1, width);
  const auto other_bytes = other.bytes();
  EXPECT_NE(opened(other_bytes)->id(), scorer_->id());
  EXPECT_EQ(opened(bytes_)->id(), scorer_->id());
}

/// Logits of both orders that tools/train/export.py computed in bytes as we do, by PyTorch.
TEST(golden_scores, are_those_of_another_program) {
  const auto golden = fs::path{__FILE__}.parent_path() / "../../data/scorer/golden.json";
  if (embedded_scorer.empty() || !fs::exists(golden)) GTEST_SKIP() << "data/scorer holds no scorer: tools/train";
  const char* const folder = std::getenv("TEST_ENCODER_FOLDER");
  if (folder == nullptr) GTEST_SKIP() << "TEST_ENCODER_FOLDER names no folder with MiniLM";
  const auto by = pair_scorer::open(folder, embedded_scorer);
  ASSERT_TRUE(by.has_value()) << by.error().context;
  simdjson::dom::parser parser;
  double sum = 0;
  int count = 0;
  for (const auto row : parser.load(golden.string()).get_array().value()) {
    const std::string_view first = row["first"];
    const std::string_view second = row["second"];
    const double logit = (row["int8"].at(0).get_double().value() + row["int8"].at(1).get_double().value()) / 2;
    workspace with;
    const auto away =
        std::abs(by->score(std::vector{pair_scorer::pair{first, second}}, with).front() - 1 / (1 + std::exp(-logit)));
    // A value that lies between two bytes may fall to either.
    EXPECT_LT(away, 0.1) << first << " | " << second;
    sum += away;
    ++count;
  }
  EXPECT_LT(sum / count, 0.01);
}

}  // namespace
}  // namespace refrain::encoder
