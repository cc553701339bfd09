// docs/reference/metrics.md, from the table.
#include <fmt/format.h>

#include "metrics/table.h"

namespace refrain::metrics {
namespace {

constexpr std::string_view introduction = R"(# Metrics

<!-- Made by `refrain help --metrics`: change the table in src/metrics/table.h instead. -->

`GET /metrics` on the data plane, in Prometheus' text format. Counters begin at 0 with the process; what outlives it is
in `refrain stats`. Hits count HIT, SEMANTIC_HIT, STALE and COALESCED, misses MISS and REFRESH, BYPASS counts as neither.

| series | kind | labels | what it counts |
|---|---|---|---|
)";

constexpr std::string_view ending = R"(
Reasons are the words that `x-refrain-error` and `Cache-Status` use. A share of hits worth a line in a dashboard:

```
sum(rate(cache_hits_total[5m])) / (sum(rate(cache_hits_total[5m])) + sum(rate(cache_misses_total[5m])))
```
)";

std::string_view to_string(kind type) noexcept {
  static constexpr std::array<std::string_view, 3> names{"counter", "gauge", "histogram"};
  return names[static_cast<std::size_t>(type)];
}

}  // namespace

std::string reference_page() {
  std::string page{introduction};
  for (const auto& row : table) {
    std::string labels;
    for (const auto label : row.labels()) {
      if (!label.empty()) labels += fmt::format("{}`{}`", labels.empty() ? "" : ", ", label);
    }
    page += fmt::format("| `{}` | {} | {} | {} |\n", row.name, to_string(row.type), labels, row.meaning);
  }
  return page.append(ending);
}

}  // namespace refrain::metrics
