#include "metrics/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <variant>
#include <vector>

namespace refrain::metrics {
namespace {

template <class Series>
using family = prometheus::Family<Series>*;
using any_family = std::variant<family<prometheus::Counter>, family<prometheus::Gauge>, family<prometheus::Histogram>>;

any_family declare(const metric& row, prometheus::Registry& in) {
  const auto build = [&](auto builder) -> any_family {
    return &builder.Name(std::string(row.name)).Help(std::string(row.meaning)).Register(in);
  };
  switch (row.type) {
    case kind::counter: return build(prometheus::BuildCounter());
    case kind::gauge: return build(prometheus::BuildGauge());
    case kind::histogram: return build(prometheus::BuildHistogram());
  }
  std::unreachable();
}

prometheus::Labels labels_of(std::size_t row, std::span<const std::string_view> values) {
  prometheus::Labels labels;
  for (std::size_t i = 0; i < values.size(); ++i) labels.emplace(table[row].labels()[i], values[i]);
  return labels;
}

}  // namespace

struct registry::families {
  prometheus::Registry all;
  std::vector<any_family> rows;  ///< as in the table
  std::mutex changing;           ///< guards gauges that may be removed
};

void counter::add(double amount) { series_->Increment(amount); }
void gauge::set(double value) { series_->Set(value); }
void histogram::observe(double value) { series_->Observe(value); }

registry::registry() : families_(std::make_unique<families>()) {
  for (const auto& row : table) families_->rows.push_back(declare(row, families_->all));
}
registry::~registry() = default;

counter registry::find_counter(std::size_t row, label_values values) {
  return counter{std::get<family<prometheus::Counter>>(families_->rows[row])->Add(labels_of(row, values))};
}

gauge registry::find_gauge(std::size_t row, label_values values) {
  return gauge{std::get<family<prometheus::Gauge>>(families_->rows[row])->Add(labels_of(row, values))};
}

void registry::set_or_remove(std::size_t row, label_values values, std::optional<double> value) {
  auto& all = *std::get<family<prometheus::Gauge>>(families_->rows[row]);
  // What one thread removes another must not be setting.
  const std::lock_guard guard{families_->changing};
  auto& series = all.Add(labels_of(row, values));
  if (value) {
    series.Set(*value);
  } else {
    all.Remove(&series);
  }
}

histogram registry::find_histogram(std::size_t row, label_values values) {
  const auto bounds = table[row].bounds;
  return histogram{std::get<family<prometheus::Histogram>>(families_->rows[row])
                       ->Add(labels_of(row, values), std::vector<double>(bounds.begin(), bounds.end()))};
}

std::string registry::expose() const { return prometheus::TextSerializer{}.Serialize(families_->all.Collect()); }

}  // namespace refrain::metrics
