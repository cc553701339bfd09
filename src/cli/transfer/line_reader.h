#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>

namespace refrain::cli {

/// Lines of a stream, none of which fills the memory.
class line_reader {
 public:
  struct line {
    std::int64_t number = 0;  ///< from 1
    std::string text;         ///< without its end; empty where it is too long
    bool too_long = false;
  };

  line_reader(std::istream& from, std::size_t longest);

  /// The next line; nothing at the end.
  [[nodiscard]] std::optional<line> next();

  /// Bytes that have been read.
  [[nodiscard]] std::uint64_t read() const noexcept { return read_; }

 private:
  std::istream& from_;
  const std::size_t longest_;
  const std::unique_ptr<char[]> piece_;  ///< has room for the longest line and a zero
  std::int64_t number_ = 0;
  std::uint64_t read_ = 0;
};

}  // namespace refrain::cli
