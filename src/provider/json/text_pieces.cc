#include "provider/json/text_pieces.h"

#include <algorithm>

namespace refrain::provider {
namespace {

/// Three or four words.
constexpr std::size_t least_piece = 20;
constexpr std::size_t max_pieces = 256;
/// Of what is repeated, in all pieces together.
constexpr std::size_t max_repeated = 256 << 10;

/// Whether a text may be cut before this byte: a space, or one that begins a character of several bytes. No escape has
/// either in it.
bool may_begin(char c) { return c == ' ' || static_cast<unsigned char>(c) >= 0xC0; }

}  // namespace

std::vector<std::string_view> cut_text(std::string_view spelling, std::size_t repeated) {
  const auto most = std::clamp<std::size_t>(max_repeated / std::max<std::size_t>(repeated, 1), 1, max_pieces);
  const auto least = std::max(least_piece, spelling.size() / most + 1);
  std::vector<std::string_view> pieces;
  while (!spelling.empty()) {
    auto end = std::min(least, spelling.size());
    while (end < spelling.size() && !may_begin(spelling[end])) ++end;
    pieces.push_back(spelling.substr(0, end));
    spelling.remove_prefix(end);
  }
  return pieces;
}

}  // namespace refrain::provider
