#include "encoder/bert.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "encoder/kernels.h"

namespace refrain::encoder {
namespace {

using base::errc;
using base::fail;

std::unexpected<base::error> misshapen(std::string_view name) {
  return fail(errc::bad_config, fmt::format("the model's {} is of another shape than the rest", name));
}

/// Numbers that registers are filled with, whatever the machine's size.
constexpr std::size_t whole_columns = 16;
/// Of a column that fills them up: its share is nothing.
constexpr float no_score = -1e30F;

std::size_t count_rows(std::span<const piece_list> texts) {
  std::size_t rows = 0;
  for (const auto& one : texts) rows += one.ids.size();
  return rows;
}

/// Leaves the first row of each text; how many.
std::size_t keep_first_rows(std::span<const piece_list> texts, std::size_t width, std::vector<float>& rows) {
  auto from = rows.begin();
  auto to = rows.begin();
  for (const auto& one : texts) {
    to = std::copy_n(from, width, to);
    from += static_cast<std::ptrdiff_t>(one.ids.size() * width);
  }
  rows.erase(to, rows.end());
  return texts.size();
}

}  // namespace

base::result<linear> load_linear(const weight_source& weights, std::span<const std::string> names) {
  std::vector<tensor> matrices;
  std::vector<tensor> scales;
  std::vector<tensor> biases;
  for (const auto& name : names) {
    matrices.push_back(TRY(weights(name + ".weight")));
    biases.push_back(TRY(weights(name + ".bias")));
    const auto& first = matrices.front();
    const auto& matrix = matrices.back();
    const auto is_row = [&matrix](const tensor& one) {
      return one.type == "F32" && one.shape == std::vector{matrix.shape[0]};
    };
    const bool fits = matrix.shape.size() == 2 && matrix.shape[1] > 0 && matrix.shape[1] == first.shape[1] &&
                      matrix.type == first.type;
    if (!fits) return misshapen(name);
    if (matrix.type == "I8") scales.push_back(TRY(weights(name + ".scale")));
    if (!is_row(biases.back()) || (!scales.empty() && !is_row(scales.back()))) return misshapen(name);
  }
  if (matrices.front().type == "F32") return linear::from_floats(matrices, biases);
  if (scales.empty()) return misshapen(names.front());
  return linear::from_bytes(matrices, scales, biases);
}

base::result<bert::normaliser> bert::load_normaliser(const weight_source& weights, const std::string& name) {
  const auto gain = TRY(weights(name + ".weight"));
  const auto bias = TRY(weights(name + ".bias"));
  if (gain.type != "F32" || bias.type != "F32" || gain.shape != bias.shape) return misshapen(name);
  return normaliser{{gain.floats().begin(), gain.floats().end()}, {bias.floats().begin(), bias.floats().end()}};
}

base::result<bert::layer> bert::load_layer(const weight_source& weights, const std::string& prefix) {
  const std::array attention{prefix + "attention.self.query", prefix + "attention.self.key",
                             prefix + "attention.self.value"};
  layer one{TRY(load_linear(weights, attention)),
            TRY(load_linear(weights, std::array{prefix + "attention.output.dense"})),
            TRY(load_normaliser(weights, prefix + "attention.output.LayerNorm")),
            TRY(load_linear(weights, std::array{prefix + "intermediate.dense"})),
            TRY(load_linear(weights, std::array{prefix + "output.dense"})),
            TRY(load_normaliser(weights, prefix + "output.LayerNorm"))};
  const auto width = one.query_key_value.inputs();
  const bool fits = one.query_key_value.outputs() == 3 * width && one.attention_out.inputs() == width &&
                    one.attention_out.outputs() == width && one.after_attention.gain.size() == width &&
                    one.widen.inputs() == width && one.narrow.inputs() == one.widen.outputs() &&
                    one.narrow.outputs() == width && one.after.gain.size() == width;
  if (!fits) return misshapen(prefix);
  return one;
}

base::result<bert> bert::load(const weight_source& weights, std::size_t head_size) {
  bert model;
  for (auto [name, place] : {std::pair{"embeddings.word_embeddings.weight", &model.words_},
                             std::pair{"embeddings.position_embeddings.weight", &model.positions_},
                             std::pair{"embeddings.token_type_embeddings.weight", &model.kinds_}}) {
    *place = TRY(weights(name));
    if (place->type != "F32" || place->shape.size() != 2 || place->shape[0] == 0) return misshapen(name);
  }
  model.width_ = model.words_.shape[1];
  model.head_size_ = head_size;
  model.after_embedding_ = TRY(load_normaliser(weights, "embeddings.LayerNorm"));
  const bool fits = model.positions_.shape[1] == model.width_ && model.kinds_.shape[1] == model.width_ &&
                    model.after_embedding_.gain.size() == model.width_ && model.width_ % head_size == 0;
  if (!fits) return misshapen("embeddings");
  for (std::size_t i = 0; weights(fmt::format("encoder.layer.{}.output.LayerNorm.weight", i)); ++i) {
    model.layers_.push_back(TRY(load_layer(weights, fmt::format("encoder.layer.{}.", i))));
    if (model.layers_.back().query_key_value.inputs() != model.width_) return misshapen(fmt::format("layer {}", i));
  }
  if (model.layers_.empty()) return fail(errc::bad_config, "the model has no layers");
  return model;
}

void bert::embed(std::span<const piece_list> texts, std::vector<float>& rows) const {
  const auto& loops = kernels_here();
  const auto row_of = [this](const tensor& table, std::size_t row) {
    return table.floats().data() + (row < table.shape[0] ? row : 0) * width_;
  };
  std::size_t at = 0;
  for (const auto& text : texts) {
    for (std::size_t i = 0; i < text.ids.size(); ++i, at += width_) {
      float* const row = rows.data() + at;
      std::copy_n(row_of(words_, static_cast<std::size_t>(text.ids[i])), width_, row);
      loops.add_scaled(row, row_of(kinds_, i >= text.second ? 1 : 0), 1, width_);
      loops.add_and_normalise(row, row_of(positions_, i), after_embedding_.gain.data(), after_embedding_.bias.data(),
                              width_);
    }
  }
}

/// The first `most` pieces of each text look at all of it, each head at a part of the row: `mixed` has query, key and
/// value beside one another.
void bert::attend(std::span<const piece_list> texts, const std::vector<float>& mixed, std::size_t most,
                  std::vector<float>& to) const {
  const auto& loops = kernels_here();
  const auto stride = 3 * width_;
  const float factor = 1.F / std::sqrt(static_cast<float>(head_size_));
  const float* first = mixed.data();
  float* out = to.data();
  for (const auto& text : texts) {
    const auto length = text.ids.size();
    const auto asking = std::min(length, most);
    const auto columns = (length + whole_columns - 1) / whole_columns * whole_columns;
    std::vector<float> keys(head_size_ * columns);  // a column for each piece
    std::vector<float> shares(columns);
    for (std::size_t head = 0; head < width_; head += head_size_) {
      const float* const query = first + head;
      const float* const key = query + width_;
      const float* const value = key + width_;
      for (std::size_t i = 0; i < length; ++i) {
        for (std::size_t k = 0; k < head_size_; ++k) keys[k * columns + i] = key[i * stride + k];
      }
      for (std::size_t i = 0; i < asking; ++i) {
        loops.combine(query + i * stride, keys.data(), columns, head_size_, shares.data(), columns);
        std::fill(shares.begin() + static_cast<std::ptrdiff_t>(length), shares.end(), no_score);
        loops.softmax(shares.data(), columns, factor);
        loops.combine(shares.data(), value, stride, length, out + i * width_ + head, head_size_);
      }
    }
    first += length * stride;
    out += asking * width_;
  }
}

std::vector<float> bert::read(std::span<const piece_list> texts, workspace& with, rows_of wanted) const {
  const auto& loops = kernels_here();
  auto count = count_rows(texts);
  std::vector<float> rows(count * width_);
  embed(texts, rows);
  std::vector<float> mixed(count * 3 * width_);
  std::vector<float> attended(count * width_);
  std::vector<float> wide(count * layers_.front().widen.outputs());
  std::vector<float> narrow(count * width_);
  const auto add = [&](const normaliser& by) {
    for (std::size_t r = 0; r < count; ++r) {
      loops.add_and_normalise(rows.data() + r * width_, narrow.data() + r * width_, by.gain.data(), by.bias.data(),
                              width_);
    }
  };
  for (const auto& one : layers_) {
    const bool is_first_enough = wanted == rows_of::begin && &one == &layers_.back();
    one.query_key_value.apply(rows.data(), count, mixed.data(), with);
    attend(texts, mixed, is_first_enough ? 1 : SIZE_MAX, attended);
    if (is_first_enough) count = keep_first_rows(texts, width_, rows);
    one.attention_out.apply(attended.data(), count, narrow.data(), with);
    add(one.after_attention);
    one.widen.apply(rows.data(), count, wide.data(), with);
    loops.gelu(wide.data(), count * one.widen.outputs());
    one.narrow.apply(wide.data(), count, narrow.data(), with);
    add(one.after);
  }
  return rows;
}

}  // namespace refrain::encoder
