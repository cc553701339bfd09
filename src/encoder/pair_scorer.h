#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "encoder/bert.h"
#include "encoder/tensor_file.h"
#include "encoder/word_pieces.h"

namespace refrain::encoder {

/// The scorer that this program has within it (data/scorer); empty where it was built without one.
extern const std::string_view embedded_scorer;

/// Reads two texts in one sequence, and says how likely a right answer to one is a right answer to the other. It judges
/// what a cosine only finds. Source: tools/train, which makes its weights. Immutable; any thread, each with a workspace
/// of its own.
class pair_scorer {
 public:
  using pair = std::pair<std::string_view, std::string_view>;

  /// Takes tables of tokens and positions from the encoder's folder, as sentence_encoder does, and all else from a
  /// scorer's file, whose bytes outlive it. Errors: not_found, io; bad_config where the two do not go together.
  [[nodiscard]] static base::result<pair_scorer> open(const std::string& folder, std::string_view bytes);

  /// The probability for each pair, from 0 to 1. The order of its texts is worth nothing: it is that of the mean of the
  /// logits of both. What is too long is cut at the end of the longer text.
  [[nodiscard]] std::vector<double> score(std::span<const pair> pairs, workspace& with) const;

  /// The SHA-256 of the encoder's weights that it was trained on.
  [[nodiscard]] std::string_view encoder() const { return weights_.about("encoder"); }
  /// Names its own weights: what was learned from its scores holds for them alone.
  [[nodiscard]] const std::string& id() const noexcept { return id_; }

 private:
  /// What makes a logit of the first token's row.
  struct head {
    linear dense;
    tensor weight;
    float bias = 0;
  };

  pair_scorer(std::string id, tensor_file tables, tensor_file weights, word_pieces pieces, bert model, head verdict);
  [[nodiscard]] static base::result<head> load_head(const tensor_file& weights, std::size_t width);
  [[nodiscard]] piece_list join(std::span<const std::int32_t> one, std::span<const std::int32_t> other) const;
  [[nodiscard]] std::vector<float> logits(std::span<const piece_list> texts, workspace& with) const;

  std::string id_;
  tensor_file tables_;  ///< holds what the model reads in place, as does the next
  tensor_file weights_;
  word_pieces pieces_;
  bert model_;
  head verdict_;
};

}  // namespace refrain::encoder
