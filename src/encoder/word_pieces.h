#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/text.h"

namespace refrain::encoder {

/// Splits text into the pieces that an uncased BERT knows: lower case without accents, words and punctuation apart,
/// each word by its longest known beginnings. Immutable; any thread. Source: google-research/bert, tokenization.py.
class word_pieces {
 public:
  /// Reads a `vocab.txt`, a piece a line. Errors: not_found, io; bad_config where a piece is lacking that must be
  /// there.
  [[nodiscard]] static base::result<word_pieces> open(const std::string& path);

  /// The numbers of a text's pieces, at most `most`, without marks of begin and end. What is not UTF-8 is left out.
  [[nodiscard]] std::vector<std::int32_t> split(std::string_view text, std::size_t most) const;

  [[nodiscard]] std::int32_t begin_mark() const noexcept { return begin_; }
  [[nodiscard]] std::int32_t end_mark() const noexcept { return end_; }

 private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  void split_word(std::string_view word, std::vector<std::int32_t>& to) const;

  std::unordered_map<std::string, std::int32_t, text_hash, std::equal_to<>> pieces_;
  std::int32_t begin_ = 0;
  std::int32_t end_ = 0;
  std::int32_t unknown_ = 0;
};

}  // namespace refrain::encoder
