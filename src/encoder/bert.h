#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "encoder/linear.h"
#include "encoder/tensor_file.h"

namespace refrain::encoder {

/// Where the weights of a model come from, by their names in it.
using weight_source = std::function<base::result<tensor>(std::string_view name)>;

/// The numbers of a text's pieces, with the marks of its begin and end. Those from `second` on are a second text's.
struct piece_list {
  std::vector<std::int32_t> ids;
  std::size_t second = SIZE_MAX;
};

/// Which rows of a text are wanted.
enum class rows_of : std::uint8_t {
  all,    ///< one for each piece
  begin,  ///< the first alone, which the last layer then computes alone
};

/// The encoder of BERT: reads pieces of text and gives a row of numbers for each. Linear layers compute in bytes.
/// Immutable once loaded; any thread, each with a workspace of its own. Source: Devlin et al., arXiv 1810.04805.
class bert {
 public:
  /// Reads the weights; their shapes say how large it is. `head_size` is that of a head of attention. Errors: those of
  /// the source; bad_config where shapes do not go together.
  [[nodiscard]] static base::result<bert> load(const weight_source& weights, std::size_t head_size);

  /// Numbers in a row.
  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  /// The longest text, in pieces.
  [[nodiscard]] std::size_t longest() const noexcept { return positions_.shape[0]; }

  /// Reads texts of 1 to `longest` pieces each, at once: the rows that are wanted, text after text. A piece that the
  /// model does not have counts as its first.
  [[nodiscard]] std::vector<float> read(std::span<const piece_list> texts, workspace& with,
                                        rows_of wanted = rows_of::all) const;

 private:
  struct normaliser {
    std::vector<float> gain;
    std::vector<float> bias;
  };
  struct layer {
    linear query_key_value;
    linear attention_out;
    normaliser after_attention;
    linear widen;
    linear narrow;
    normaliser after;
  };

  [[nodiscard]] static base::result<layer> load_layer(const weight_source& weights, const std::string& prefix);
  [[nodiscard]] static base::result<normaliser> load_normaliser(const weight_source& weights, const std::string& name);

  void embed(std::span<const piece_list> texts, std::vector<float>& rows) const;
  void attend(std::span<const piece_list> texts, const std::vector<float>& mixed, std::size_t most,
              std::vector<float>& to) const;

  std::size_t width_ = 0;
  std::size_t head_size_ = 0;
  tensor words_;
  tensor positions_;
  tensor kinds_;  ///< of the first text and of the second
  normaliser after_embedding_;
  std::vector<layer> layers_;
};

/// Reads one linear layer, or several that are computed as one: as numbers (`weight`, `bias`), or as bytes (`weight` of
/// type I8, `scale`, `bias`). Errors: those of the source; bad_config where shapes do not go together.
[[nodiscard]] base::result<linear> load_linear(const weight_source& weights, std::span<const std::string> names);

}  // namespace refrain::encoder
