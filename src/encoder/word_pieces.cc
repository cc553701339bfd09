#include "encoder/word_pieces.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <optional>
#include <utility>

namespace refrain::encoder {
namespace {

using base::errc;
using base::fail;

/// A longer word is no word.
constexpr std::size_t longest_word = 100;  // characters

bool is_blank(utf8proc_int32_t c, utf8proc_category_t kind) {
  return c == '\t' || c == '\n' || c == '\r' || kind == UTF8PROC_CATEGORY_ZS;
}

/// Control and format characters, private ones, halves of a pair; and the mark of what could not be read.
bool is_dropped(utf8proc_int32_t c, utf8proc_category_t kind) {
  return c == 0 || c == 0xFFFD || (kind >= UTF8PROC_CATEGORY_CC && kind <= UTF8PROC_CATEGORY_CO);
}

/// All of ASCII that is no letter, digit or blank counts, symbols too.
bool is_punctuation(utf8proc_int32_t c, utf8proc_category_t kind) {
  const bool symbol = (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
  return symbol || (kind >= UTF8PROC_CATEGORY_PC && kind <= UTF8PROC_CATEGORY_PO);
}

/// Chinese characters, which stand alone: the blocks of CJK Unified Ideographs and their extensions.
bool is_chinese(utf8proc_int32_t c) {
  static constexpr std::array<std::pair<utf8proc_int32_t, utf8proc_int32_t>, 8> blocks{{{0x4E00, 0x9FFF},
                                                                                        {0x3400, 0x4DBF},
                                                                                        {0x20000, 0x2A6DF},
                                                                                        {0x2A700, 0x2B73F},
                                                                                        {0x2B740, 0x2B81F},
                                                                                        {0x2B820, 0x2CEAF},
                                                                                        {0xF900, 0xFAFF},
                                                                                        {0x2F800, 0x2FA1F}}};
  return std::ranges::any_of(blocks, [c](const auto& block) { return block.first <= c && c <= block.second; });
}

/// Gathers the characters of words.
class word_reader {
 public:
  explicit word_reader(std::function<void(std::string_view)> on_word) : on_word_(std::move(on_word)) {}

  void read(utf8proc_int32_t c) {
    const auto kind = utf8proc_category(c);
    if (is_blank(c, kind)) return finish();
    if (is_dropped(c, kind)) return;
    // Decomposed, an accent is a character of its own.
    std::array<utf8proc_int32_t, 32> parts{};
    int boundary = 0;
    const auto count = utf8proc_decompose_char(c, parts.data(), parts.size(), UTF8PROC_DECOMPOSE, &boundary);
    for (utf8proc_ssize_t i = 0; i < std::min<utf8proc_ssize_t>(count, parts.size()); ++i) add(parts[i]);
  }

  void finish() {
    if (!word_.empty()) on_word_(word_);
    word_.clear();
  }

 private:
  void add(utf8proc_int32_t c) {
    const auto kind = utf8proc_category(c);
    if (kind == UTF8PROC_CATEGORY_MN) return;
    const bool alone = is_punctuation(c, kind) || is_chinese(c);
    if (alone) finish();
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto size = utf8proc_encode_char(utf8proc_tolower(c), bytes.data());
    word_.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
    if (alone) finish();
  }

  std::function<void(std::string_view)> on_word_;
  std::string word_;
};

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

base::result<word_pieces> word_pieces::open(const std::string& path) {
  std::ifstream file{path};
  if (!file) return fail(errc::not_found, fmt::format("cannot open {}", path));
  word_pieces read;
  std::int32_t number = 0;
  for (std::string line; std::getline(file, line); ++number) read.pieces_.emplace(line, number);
  for (auto [name, place] :
       {std::pair{"[CLS]", &read.begin_}, std::pair{"[SEP]", &read.end_}, std::pair{"[UNK]", &read.unknown_}}) {
    const auto at = read.pieces_.find(name);
    if (at == read.pieces_.end()) return fail(errc::bad_config, fmt::format("{} lacks the piece {}", path, name));
    *place = at->second;
  }
  return read;
}

std::vector<std::int32_t> word_pieces::split(std::string_view text, std::size_t most) const {
  std::vector<std::int32_t> pieces;
  word_reader words{[&](std::string_view word) {
    if (pieces.size() < most) split_word(word, pieces);
  }};
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto* const end = at + text.size();
  while (at != end && pieces.size() < most) {
    utf8proc_int32_t c = 0;
    const auto size = utf8proc_iterate(at, end - at, &c);
    if (size > 0) words.read(c);
    at += size > 0 ? size : 1;
  }
  words.finish();
  if (pieces.size() > most) pieces.resize(most);
  return pieces;
}

void word_pieces::split_word(std::string_view word, std::vector<std::int32_t>& to) const {
  if (static_cast<std::size_t>(std::ranges::count_if(word, [](char c) { return !is_continuation(c); })) >
      longest_word) {
    to.push_back(unknown_);
    return;
  }
  const auto before = to.size();
  std::string piece;
  for (std::size_t begin = 0; begin < word.size();) {
    std::optional<std::int32_t> found;
    std::size_t end = word.size();
    for (; end > begin; --end) {
      if (end < word.size() && is_continuation(word[end])) continue;
      piece.assign(begin == 0 ? "" : "##").append(word.substr(begin, end - begin));
      const auto known = pieces_.find(piece);
      if (known == pieces_.end()) continue;
      found = known->second;
      break;
    }
    if (!found) {
      to.resize(before);
      to.push_back(unknown_);
      return;
    }
    to.push_back(*found);
    begin = end;
  }
}

}  // namespace refrain::encoder
