#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::cli {

enum class side : std::uint8_t { left, right };

struct column {
  std::string title;
  side aligned = side::left;
  std::size_t most = 1000;  ///< characters; longer texts are cut and end with an ellipsis
};

/// Rows in aligned columns, for a person. Widths count code points. What a cell holds came from elsewhere, so control
/// characters, which a terminal would obey, become blanks.
class table {
 public:
  explicit table(std::vector<column> columns) : columns_(std::move(columns)) {}

  /// Missing cells are empty.
  void add(std::vector<std::string> cells);

  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }

  /// Titles, then rows, a line each. `colours`: the titles are bold. Without any title there is no line for them. Of
  /// lines that are longer than `width` the widest columns of texts are cut.
  [[nodiscard]] std::string text(bool colours, std::optional<std::size_t> width = std::nullopt) const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths(std::optional<std::size_t> most) const;

  std::vector<column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// The text without control characters (C0, DEL, C1): each becomes a blank. `but` are left.
[[nodiscard]] std::string without_controls(std::string_view text, std::string_view but = {});

}  // namespace refrain::cli
