#include "cli/table.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace refrain::cli {
namespace {

constexpr std::string_view gap = "  ";
constexpr std::string_view ellipsis = "\xe2\x80\xa6";

std::string cut(std::string text, std::size_t most) {
  if (base::count_code_points(text) <= most) return text;
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size(); ++at) {
    if (base::begins_code_point(text[at]) && ++count == most) break;
  }
  text.resize(at);
  return text.append(ellipsis);
}

void append_cell(std::string& line, std::string_view cell, std::size_t width, side aligned) {
  const std::size_t padding = width - std::min(width, base::count_code_points(cell));
  if (aligned == side::right) line.append(padding, ' ');
  line.append(cell);
  if (aligned == side::left) line.append(padding, ' ');
}

}  // namespace

void table::add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = cut(without_controls(cells[i]), columns_[i].most);
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> table::widths(std::optional<std::size_t> most) const {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    all.push_back(base::count_code_points(columns_[i].title));
    for (const auto& row : rows_) all[i] = std::max(all[i], base::count_code_points(row[i]));
  }
  if (!most || all.empty()) return all;
  constexpr std::size_t narrowest = 8;
  auto sum = std::accumulate(all.begin(), all.end(), gap.size() * (all.size() - 1));
  for (; sum > *most; --sum) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool may_be_cut = columns_[i].aligned == side::left && all[i] > narrowest;
      if (may_be_cut && (widest == nullptr || all[i] > *widest)) widest = &all[i];
    }
    if (widest == nullptr) return all;
    --*widest;
  }
  return all;
}

std::string table::text(bool colours, std::optional<std::size_t> width) const {
  const auto all = widths(width);
  const auto line_of = [&](auto&& cell_at) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line.append(gap);
      append_cell(line, cut(std::string{cell_at(i)}, all[i]), all[i], columns_[i].aligned);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
  };
  std::string text;
  if (std::ranges::any_of(columns_, [](const column& one) { return !one.title.empty(); })) {
    const auto titles = line_of([this](std::size_t i) -> std::string_view { return columns_[i].title; });
    text.append(colours ? "\x1b[1m" + titles + "\x1b[0m" : titles).append("\n");
  }
  for (const auto& row : rows_) {
    text.append(line_of([&row](std::size_t i) -> std::string_view { return row[i]; })).append("\n");
  }
  return text;
}

std::string without_controls(std::string_view text, std::string_view but) {
  std::string clean{text};
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const auto byte = static_cast<unsigned char>(clean[i]);
    // U+0080 to U+009F are C2 80 to C2 9F: some terminals take them for escape sequences.
    const bool c1 = byte == 0xC2 && i + 1 < clean.size() && static_cast<unsigned char>(clean[i + 1]) < 0xA0;
    if (c1) {
      clean.replace(i, 2, " ");
    } else if ((byte < 0x20 || byte == 0x7F) && !but.contains(clean[i])) {
      clean[i] = ' ';
    }
  }
  return clean;
}

}  // namespace refrain::cli
