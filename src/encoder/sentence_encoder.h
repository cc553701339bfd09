#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "encoder/bert.h"
#include "encoder/word_pieces.h"

namespace refrain::encoder {

/// How the rows of a text's pieces become one.
enum class pooling : std::uint8_t {
  mean,   ///< of all rows
  begin,  ///< that of the mark of the beginning
};

/// What a model's files do not say of it.
struct model_rules {
  pooling by = pooling::mean;
  std::string prefix;             ///< before each text, as the model was trained
  std::size_t head_size = 32;     ///< of attention
  std::size_t most_pieces = 512;  ///< of a text, with the marks of its begin and end
};

/// Turns texts into vectors of length 1, so that alike texts lie near each other: the dot product of two is their
/// cosine. A text's vector does not depend on those beside it. Immutable; any thread, each with a workspace of its own.
class sentence_encoder {
 public:
  /// Reads `model.safetensors` and `vocab.txt` from a folder. `mean` is taken from each vector before it is brought to
  /// length 1, so that cosines of all models mean about the same; empty: none. Errors: not_found, io, bad_config.
  [[nodiscard]] static base::result<sentence_encoder> open(const std::string& folder, model_rules rules,
                                                           std::vector<float> mean = {});

  /// Numbers in a vector.
  [[nodiscard]] std::size_t width() const noexcept { return model_.width(); }
  /// Pieces in a text, with its marks; at most one more than can be read, so that longer ones are told.
  [[nodiscard]] std::size_t count_pieces(std::string_view text) const;

  /// The vectors of texts, one after the other. What is too long is cut.
  [[nodiscard]] std::vector<float> encode(std::span<const std::string> texts, workspace& with) const;

 private:
  sentence_encoder(model_rules rules, std::vector<float> mean, tensor_file weights, word_pieces pieces, bert model);
  [[nodiscard]] piece_list pieces_of(std::string_view text) const;
  void pool(std::span<const float> rows, std::span<float> to) const;

  model_rules rules_;
  std::vector<float> mean_;
  tensor_file weights_;  ///< holds what the model reads in place
  word_pieces pieces_;
  bert model_;
};

}  // namespace refrain::encoder
