#include "encoder/pair_scorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/digest.h"
#include "base/text.h"

namespace refrain::encoder {
namespace {

using base::errc;
using base::fail;

constexpr std::string_view format = "refrain pair scorer 1";

/// Of both texts together, without the three marks.
constexpr std::size_t most_pieces = 256 - 3;
/// Which of two is the longer does not matter beyond this.
constexpr std::size_t longest_text = 512;

/// How the encoder's file names the parts, and how the scorer's does.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> renamed{{
    {"embeddings.token_type_embeddings", "types"},
    {"embeddings.LayerNorm", "norm"},
    {"encoder.layer", "layers"},
    {"attention.self.", ""},
    {"attention.output.dense", "attended"},
    {"attention.output.LayerNorm", "attended_norm"},
    {"intermediate.dense", "inner"},
    {"output.dense", "outer"},
    {"output.LayerNorm", "outer_norm"},
}};

std::string own_name(std::string name) {
  for (const auto& [theirs, ours] : renamed) {
    if (const auto at = name.find(theirs); at != std::string::npos) name.replace(at, theirs.size(), ours);
  }
  return "bert." + name;
}

bool is_table(std::string_view name) {
  return name.starts_with("embeddings.word_") || name.starts_with("embeddings.position_");
}

}  // namespace

pair_scorer::pair_scorer(std::string id, tensor_file tables, tensor_file weights, word_pieces pieces, bert model,
                         head verdict)
    : id_(std::move(id)),
      tables_(std::move(tables)),
      weights_(std::move(weights)),
      pieces_(std::move(pieces)),
      model_(std::move(model)),
      verdict_(std::move(verdict)) {}

base::result<pair_scorer> pair_scorer::open(const std::string& folder, std::string_view bytes) {
  auto weights = TRY(tensor_file::read("the pair scorer", bytes));
  if (weights.about("format") != format || weights.about("form") != "int8") {
    return fail(errc::bad_config,
                fmt::format("the pair scorer is no '{}' of form int8: make it anew with tools/train", format));
  }
  const auto width = base::to_integer<std::size_t>(weights.about("width")).value_or(0);
  const auto heads = base::to_integer<std::size_t>(weights.about("heads")).value_or(0);
  if (heads == 0 || width < heads) return fail(errc::bad_config, "the pair scorer does not say how wide it is");
  auto tables = TRY(tensor_file::open(folder + "/model.safetensors"));
  auto pieces = TRY(word_pieces::open(folder + "/vocab.txt"));
  const auto find = [&](std::string_view name) {
    return is_table(name) ? tables.find(name) : weights.find(own_name(std::string{name}));
  };
  auto model = TRY(bert::load(find, width / heads));
  if (model.longest() < most_pieces + 3) return fail(errc::bad_config, "the encoder reads less than the pair scorer");
  auto verdict = TRY(load_head(weights, model.width()));
  return pair_scorer{base::sha256(bytes).hex().substr(0, 16),
                     std::move(tables),
                     std::move(weights),
                     std::move(pieces),
                     std::move(model),
                     std::move(verdict)};
}

base::result<pair_scorer::head> pair_scorer::load_head(const tensor_file& weights, std::size_t width) {
  const auto find = [&weights](std::string_view name) { return weights.find(name); };
  auto dense = TRY(load_linear(find, std::array<std::string, 1>{"dense"}));
  auto weight = TRY(weights.find("verdict.weight", "F32", {1, width}));
  const auto bias = TRY(weights.find("verdict.bias", "F32", {1}));
  if (dense.inputs() != width || dense.outputs() != width) {
    return fail(errc::bad_config, "the pair scorer's dense is of another shape than the rest");
  }
  return head{std::move(dense), std::move(weight), bias.floats().front()};
}

piece_list pair_scorer::join(std::span<const std::int32_t> one, std::span<const std::int32_t> other) const {
  auto& shorter = one.size() <= other.size() ? one : other;
  auto& longer = &shorter == &one ? other : one;
  if (one.size() + other.size() > most_pieces) {
    shorter = shorter.first(std::min(shorter.size(), most_pieces / 2));
    longer = longer.first(most_pieces - shorter.size());
  }
  piece_list list;
  list.ids.push_back(pieces_.begin_mark());
  list.ids.insert(list.ids.end(), one.begin(), one.end());
  list.ids.push_back(pieces_.end_mark());
  list.second = list.ids.size();
  list.ids.insert(list.ids.end(), other.begin(), other.end());
  list.ids.push_back(pieces_.end_mark());
  return list;
}

std::vector<float> pair_scorer::logits(std::span<const piece_list> texts, workspace& with) const {
  const auto width = model_.width();
  auto rows = model_.read(texts, with, rows_of::begin);
  verdict_.dense.apply(rows.data(), texts.size(), rows.data(), with);
  for (float& x : rows) x = std::tanh(x);
  std::vector<float> logits;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    logits.push_back(kernels_here().dot(rows.data() + i * width, verdict_.weight.floats().data(), width) +
                     verdict_.bias);
  }
  return logits;
}

std::vector<double> pair_scorer::score(std::span<const pair> pairs, workspace& with) const {
  if (pairs.empty()) return {};
  std::vector<piece_list> texts;
  for (const auto& [one, other] : pairs) {
    const auto first = pieces_.split(one, longest_text);
    const auto second = pieces_.split(other, longest_text);
    texts.push_back(join(first, second));
    texts.push_back(join(second, first));
  }
  const auto all = logits(texts, with);
  std::vector<double> scores;
  for (std::size_t i = 0; i < all.size(); i += 2) scores.push_back(1 / (1 + std::exp(-(all[i] + all[i + 1]) / 2.)));
  return scores;
}

}  // namespace refrain::encoder
