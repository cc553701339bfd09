#include "cli/line_reader.h"

#include <array>

namespace refrain::cli {

std::optional<line_reader::line> line_reader::next() {
  line one{.number = number_ + 1};
  std::array<char, 64 << 10> piece{};
  while (true) {
    // It stops before its array is full, with failbit, where the line goes on.
    from_.getline(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto count = static_cast<std::size_t>(from_.gcount());
    const bool goes_on = from_.fail() && !from_.eof() && count > 0;
    const bool ended_by_newline = from_.good();
    if (count == 0) {
      if (one.text.empty() && !one.too_long) return std::nullopt;
      break;
    }
    read_ += count;
    const auto length = ended_by_newline ? count - 1 : count;
    if (one.too_long || one.text.size() + length > longest_) {
      one.too_long = true;
      one.text.clear();
    } else {
      one.text.append(piece.data(), length);
    }
    if (!goes_on) break;
    from_.clear();
  }
  number_ = one.number;
  if (one.text.ends_with('\r')) one.text.pop_back();
  return one;
}

}  // namespace refrain::cli
