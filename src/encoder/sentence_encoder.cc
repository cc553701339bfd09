#include "encoder/sentence_encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace refrain::encoder {
namespace {

/// Around each text.
constexpr std::size_t marks = 2;

}  // namespace

sentence_encoder::sentence_encoder(model_rules rules, std::vector<float> mean, tensor_file weights, word_pieces pieces,
                                   bert model)
    : rules_(std::move(rules)),
      mean_(std::move(mean)),
      weights_(std::move(weights)),
      pieces_(std::move(pieces)),
      model_(std::move(model)) {}

base::result<sentence_encoder> sentence_encoder::open(const std::string& folder, model_rules rules,
                                                      std::vector<float> mean) {
  auto weights = TRY(tensor_file::open(folder + "/model.safetensors"));
  auto pieces = TRY(word_pieces::open(folder + "/vocab.txt"));
  auto model = TRY(bert::load([&weights](std::string_view name) { return weights.find(name); }, rules.head_size));
  if (!mean.empty() && mean.size() != model.width()) {
    return base::fail(base::errc::bad_config, fmt::format("the mean vector has {} numbers and the model in {} {}",
                                                          mean.size(), folder, model.width()));
  }
  rules.most_pieces = std::min(rules.most_pieces, model.longest());
  return sentence_encoder{std::move(rules), std::move(mean), std::move(weights), std::move(pieces), std::move(model)};
}

std::size_t sentence_encoder::count_pieces(std::string_view text) const {
  return pieces_.split(rules_.prefix + std::string{text}, rules_.most_pieces + 1 - marks).size() + marks;
}

piece_list sentence_encoder::pieces_of(std::string_view text) const {
  piece_list list;
  list.ids.push_back(pieces_.begin_mark());
  const auto inner = pieces_.split(rules_.prefix + std::string{text}, rules_.most_pieces - marks);
  list.ids.insert(list.ids.end(), inner.begin(), inner.end());
  list.ids.push_back(pieces_.end_mark());
  return list;
}

std::vector<float> sentence_encoder::encode(std::span<const std::string> texts, workspace& with) const {
  std::vector<piece_list> lists;
  lists.reserve(texts.size());
  for (const auto& text : texts) lists.push_back(pieces_of(text));
  const auto wanted = rules_.by == pooling::begin ? rows_of::begin : rows_of::all;
  const auto rows = model_.read(lists, with, wanted);
  std::vector<float> vectors(texts.size() * width());
  std::size_t at = 0;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const auto size = (wanted == rows_of::begin ? 1 : lists[i].ids.size()) * width();
    pool(std::span{rows}.subspan(at, size), std::span{vectors}.subspan(i * width(), width()));
    at += size;
  }
  return vectors;
}

void sentence_encoder::pool(std::span<const float> rows, std::span<float> to) const {
  for (std::size_t i = 0; i < rows.size(); ++i) to[i % to.size()] += rows[i];
  const auto normalise = [&to] {
    double square = 0;
    for (const float x : to) square += static_cast<double>(x) * x;
    const auto factor = static_cast<float>(square > 0 ? 1 / std::sqrt(square) : 0);
    for (float& x : to) x *= factor;
  };
  normalise();
  if (mean_.empty()) return;
  for (std::size_t i = 0; i < to.size(); ++i) to[i] -= mean_[i];
  normalise();
}

}  // namespace refrain::encoder
