// On a small model of random weights, held against the same sums in plain floating point.

#include "encoder/bert.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <map>
#include <random>
#include <thread>

#include "encoder/word_pieces.h"
#include "support/encoder/model_file.h"

namespace refrain::encoder {
namespace {

using numbers = std::vector<float>;

constexpr std::size_t width = 64;
constexpr std::size_t wide = 128;
constexpr std::size_t head_size = 16;
constexpr std::size_t words = 50;
constexpr std::size_t longest = 40;
constexpr std::size_t layers = 2;

testing::model_file random_model() {
  testing::model_file model;
  model.add_bert({.words = words, .longest = longest, .width = width, .wide = wide, .layers = layers});
  return model;
}

/// BERT as its paper has it, a number at a time.
class reference {
 public:
  explicit reference(const testing::model_file& of) : of_(of) {}

  [[nodiscard]] std::vector<numbers> read(const piece_list& text) const {
    std::vector<numbers> rows;
    for (std::size_t i = 0; i < text.ids.size(); ++i) {
      numbers row(width);
      for (std::size_t k = 0; k < width; ++k) {
        row[k] = at("embeddings.word_embeddings.weight", static_cast<std::size_t>(text.ids[i]), k) +
                 at("embeddings.position_embeddings.weight", i, k) +
                 at("embeddings.token_type_embeddings.weight", i >= text.second ? 1 : 0, k);
      }
      rows.push_back(normalised(row, "embeddings.LayerNorm"));
    }
    for (std::size_t i = 0; i < layers; ++i) rows = layer(rows, "encoder.layer." + std::to_string(i) + ".");
    return rows;
  }

 private:
  [[nodiscard]] float at(const std::string& name, std::size_t row, std::size_t column) const {
    const auto& one = of_.tensors().at(name);
    return one.values[row * one.shape[1] + column];
  }
  [[nodiscard]] numbers normalised(const numbers& row, const std::string& name) const {
    double mean = 0;
    for (const float x : row) mean += x;
    mean /= width;
    double variance = 0;
    for (const float x : row) variance += (x - mean) * (x - mean);
    variance /= width;
    numbers to(width);
    for (std::size_t i = 0; i < width; ++i) {
      to[i] = static_cast<float>((row[i] - mean) / std::sqrt(variance + 1e-12)) *
                  of_.tensors().at(name + ".weight").values[i] +
              of_.tensors().at(name + ".bias").values[i];
    }
    return to;
  }
  [[nodiscard]] numbers product(const numbers& row, const std::string& name) const {
    const auto& bias = of_.tensors().at(name + ".bias").values;
    numbers to(bias.size());
    for (std::size_t o = 0; o < to.size(); ++o) {
      double sum = bias[o];
      for (std::size_t i = 0; i < row.size(); ++i) sum += at(name + ".weight", o, i) * row[i];
      to[o] = static_cast<float>(sum);
    }
    return to;
  }
  [[nodiscard]] std::vector<numbers> layer(const std::vector<numbers>& rows, const std::string& name) const {
    std::vector<numbers> query;
    std::vector<numbers> key;
    std::vector<numbers> value;
    for (const auto& row : rows) {
      query.push_back(product(row, name + "attention.self.query"));
      key.push_back(product(row, name + "attention.self.key"));
      value.push_back(product(row, name + "attention.self.value"));
    }
    std::vector<numbers> to;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      numbers mixed(width);
      for (std::size_t head = 0; head < width; head += head_size) mix(query[i], key, value, head, mixed);
      auto row = rows[i];
      add(row, product(mixed, name + "attention.output.dense"));
      row = normalised(row, name + "attention.output.LayerNorm");
      auto inner = product(row, name + "intermediate.dense");
      for (auto& x : inner) x = x * 0.5F * (1 + std::erf(x / std::sqrt(2.F)));
      add(row, product(inner, name + "output.dense"));
      to.push_back(normalised(row, name + "output.LayerNorm"));
    }
    return to;
  }
  static void add(numbers& to, const numbers& other) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += other[i];
  }
  static void mix(const numbers& query, const std::vector<numbers>& key, const std::vector<numbers>& value,
                  std::size_t head, numbers& to) {
    numbers shares;
    double all = 0;
    for (const auto& one : key) {
      double score = 0;
      for (std::size_t k = head; k < head + head_size; ++k) score += query[k] * one[k];
      shares.push_back(static_cast<float>(std::exp(score / std::sqrt(head_size))));
      all += shares.back();
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      for (std::size_t k = head; k < head + head_size; ++k) {
        to[k] += shares[i] / static_cast<float>(all) * value[i][k];
      }
    }
  }

  const testing::model_file& of_;
};

float cosine(std::span<const float> one, std::span<const float> other) {
  double product = 0;
  double first = 0;
  double second = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    product += one[i] * other[i];
    first += one[i] * one[i];
    second += other[i] * other[i];
  }
  return static_cast<float>(product / std::sqrt(first * second));
}

piece_list text_of(std::initializer_list<std::int32_t> ids, std::size_t second = SIZE_MAX) {
  return {.ids = ids, .second = second};
}

class models : public ::testing::Test {
 protected:
  [[nodiscard]] numbers read(std::vector<piece_list> texts) const {
    workspace with;
    return model_.read(texts, with);
  }
  testing::model_file file_ = random_model();
  tensor_file weights_ = tensor_file::open(file_.write()).value();
  bert model_ = bert::load([this](std::string_view name) { return weights_.find(name); }, head_size).value();
};

TEST_F(models, compute_in_bytes_what_the_paper_says_in_numbers) {
  const std::vector<piece_list> texts{text_of({1, 7, 20, 3, 9, 2}), text_of({1, 4, 4, 40, 2, 8, 2}, 5),
                                      text_of({1, 2})};
  const auto rows = read(texts);
  std::size_t at = 0;
  for (const auto& text : texts) {
    for (const auto& expected : reference{file_}.read(text)) {
      EXPECT_GT(cosine(std::span{rows}.subspan(at, width), expected), 0.998F);
      at += width;
    }
  }
  EXPECT_EQ(at, rows.size());
}

TEST_F(models, give_a_text_the_same_numbers_whatever_is_read_beside_it) {
  const auto own = text_of({1, 7, 20, 3, 9, 2});
  const auto alone = read({own});
  auto beside = read({text_of({1, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 2}), own});
  beside.erase(beside.begin(), beside.begin() + 16 * width);
  EXPECT_EQ(alone, beside);
}

TEST_F(models, give_first_rows_alone_as_they_are_among_all) {
  const std::vector<piece_list> texts{text_of({1, 7, 20, 3, 9, 2}), text_of({1, 2})};
  workspace with;
  auto expected = model_.read(texts, with);
  const auto first_of_second = expected.begin() + 6 * width;
  std::copy_n(first_of_second, width, expected.begin() + width);
  expected.resize(2 * width);
  EXPECT_EQ(model_.read(texts, with, rows_of::begin), expected);
}

TEST_F(models, compute_on_the_thread_that_asks) {
  const auto threads = [] {
    return std::distance(std::filesystem::directory_iterator{"/proc/self/task"}, std::filesystem::directory_iterator{});
  };
  std::jthread{[&] {
    const auto before = threads();
    EXPECT_FALSE(read(std::vector<piece_list>(40, text_of({1, 7, 20, 3, 9, 30, 31, 32, 33, 34, 35, 2}))).empty());
    EXPECT_EQ(threads(), before);
  }};
}

TEST_F(models, tell_a_second_text_from_the_first) {
  EXPECT_LT(cosine(read({text_of({1, 7, 2, 9, 2})}), read({text_of({1, 7, 2, 9, 2}, 3)})), 0.999F);
}

TEST_F(models, read_a_piece_that_they_lack_as_the_first) {
  EXPECT_EQ(read({text_of({1, 99'999, 2})}), read({text_of({1, 0, 2})}));
}

TEST_F(models, are_refused_where_a_part_lacks_or_does_not_fit) {
  for (const auto* name : {"encoder.layer.1.attention.self.key.weight", "embeddings.LayerNorm.bias",
                           "embeddings.position_embeddings.weight"}) {
    const auto without = [&](std::string_view wanted) -> base::result<tensor> {
      return wanted == name ? base::fail(base::errc::not_found, "gone") : weights_.find(wanted);
    };
    EXPECT_FALSE(bert::load(without, head_size).has_value()) << name;
    const auto other = [&](std::string_view wanted) {
      return weights_.find(wanted == name ? "encoder.layer.0.output.dense.weight" : wanted);
    };
    const auto refused = bert::load(other, head_size);
    ASSERT_FALSE(refused.has_value()) << name;
    EXPECT_EQ(refused.error().code, base::errc::bad_config);
  }
  EXPECT_FALSE(bert::load([this](std::string_view name) { return weights_.find(name); }, 30).has_value());
}

}  // namespace
}  // namespace refrain::encoder
