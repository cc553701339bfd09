// docs/reference/metrics.md, from the table.
#include <fmt/format.h>

#include "metrics/table.h"

namespace refrain::metrics {

// src/metrics/reference.md: the page, with {rows} where the table goes.
extern const std::string_view reference_form;

std::string reference_page() {
  static constexpr std::array<std::string_view, 3> kinds{"counter", "gauge", "histogram"};
  static constexpr std::string_view slot = "{rows}";
  std::string rows;
  for (const auto& row : table) {
    std::string labels;
    for (const auto label : row.labels()) {
      if (!label.empty()) labels += fmt::format("{}`{}`", labels.empty() ? "" : ", ", label);
    }
    rows += fmt::format("| `{}` | {} | {} | {} |\n", row.name, kinds[static_cast<std::size_t>(row.type)], labels,
                        row.meaning);
  }
  return std::string(reference_form).replace(reference_form.find(slot), slot.size(), rows);
}

}  // namespace refrain::metrics
