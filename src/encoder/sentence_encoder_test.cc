#include "encoder/sentence_encoder.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/encoder/model_file.h"

namespace refrain::encoder {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t width = 32;

/// A folder with a small model of random weights, and a few words.
class encoders : public ::testing::Test {
 protected:
  encoders() {
    model_.add_bert({.words = 8, .longest = 16, .width = width, .wide = 2 * width});
    const auto path = model_.write();
    folder_ = fs::path{path}.parent_path().string();
    std::ofstream{folder_ + "/vocab.txt"} << "[PAD]\n[UNK]\n[CLS]\n[SEP]\nred\ndoor\nquery\n:\n";
  }

  [[nodiscard]] sentence_encoder open(model_rules rules = {.head_size = 8}, std::vector<float> mean = {}) const {
    return std::move(sentence_encoder::open(folder_, std::move(rules), std::move(mean))).value();
  }
  [[nodiscard]] static std::vector<float> vector_of(const sentence_encoder& by, const std::string& text) {
    workspace with;
    return by.encode(std::vector{text}, with);
  }

  testing::model_file model_;
  std::string folder_;
};

TEST_F(encoders, give_vectors_of_length_one) {
  double square = 0;
  for (const float x : vector_of(open(), "red door")) square += static_cast<double>(x) * x;
  EXPECT_NEAR(square, 1, 1e-5);
}

TEST_F(encoders, give_a_text_the_same_vector_whatever_stands_beside_it) {
  const auto by = open();
  workspace with;
  const auto both = by.encode(std::vector<std::string>{"door door door", "red door"}, with);
  EXPECT_EQ((std::vector<float>{both.begin() + width, both.end()}), vector_of(by, "red door"));
}

TEST_F(encoders, cut_what_is_too_long_and_say_so) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "red ";
  const auto by = open();
  EXPECT_EQ(by.count_pieces(text), 17u) << "one more than the model reads";
  EXPECT_EQ(vector_of(by, text), vector_of(by, text + "door"));
  EXPECT_EQ(by.count_pieces("red door"), 4u);
  EXPECT_EQ(by.count_pieces(""), 2u);
}

TEST_F(encoders, pool_and_prefix_as_the_model_was_trained) {
  const auto plain = vector_of(open(), "red door");
  EXPECT_NE(vector_of(open({.by = pooling::begin, .head_size = 8}), "red door"), plain);
  EXPECT_EQ(vector_of(open({.prefix = "query: ", .head_size = 8}), "red door"), vector_of(open(), "query: red door"));
}

TEST_F(encoders, take_the_mean_from_vectors) {
  const auto plain = vector_of(open(), "red door");
  const auto other = vector_of(open(), "door");
  std::vector<float> mean;
  for (std::size_t i = 0; i < width; ++i) mean.push_back((plain[i] + other[i]) / 2);
  const auto one = vector_of(open({.head_size = 8}, mean), "red door");
  const auto two = vector_of(open({.head_size = 8}, mean), "door");
  float cosine = 0;
  for (std::size_t i = 0; i < width; ++i) cosine += one[i] * two[i];
  EXPECT_NEAR(cosine, -1, 1e-3) << "they lie on both sides of their mean";
  EXPECT_FALSE(sentence_encoder::open(folder_, {.head_size = 8}, {1, 2}).has_value());
}

TEST_F(encoders, need_both_files) {
  fs::remove(folder_ + "/vocab.txt");
  EXPECT_EQ(sentence_encoder::open(folder_, {.head_size = 8}).error().code, base::errc::not_found);
}

/// Vectors that PyTorch made of all-MiniLM-L6-v2 in floating point, with the tokenizers library: tools/train/golden.py.
TEST(golden_vectors, of_minilm_are_those_of_another_program) {
  const char* const folder = std::getenv("TEST_ENCODER_FOLDER");
  if (folder == nullptr) GTEST_SKIP() << "TEST_ENCODER_FOLDER names no folder with MiniLM";
  const auto by = sentence_encoder::open(folder, {});
  ASSERT_TRUE(by.has_value()) << by.error().context;
  simdjson::dom::parser parser;
  const auto golden = fs::path{__FILE__}.parent_path() / "../../tests/encoder/minilm.json";
  double sum = 0;
  int count = 0;
  for (const auto row : parser.load(golden.string()).get_array().value()) {
    const std::string text{row["text"].get_string().value()};
    EXPECT_EQ(std::min<std::uint64_t>(by->count_pieces(text), 512), row["pieces"].get_uint64().value()) << text;
    workspace with;
    const auto vector = by->encode(std::vector{text}, with);
    double product = 0;
    double square = 0;
    std::size_t i = 0;
    for (const auto number : row["vector"].get_array().value()) {
      const double expected = number.get_double().value();
      product += expected * static_cast<double>(vector[i++]);
      square += expected * expected;
    }
    const auto cosine = product / std::sqrt(square);
    EXPECT_GE(cosine, 0.99) << text;
    sum += cosine;
    ++count;
  }
  EXPECT_GE(sum / count, 0.998);
}

}  // namespace
}  // namespace refrain::encoder
