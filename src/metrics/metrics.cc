#include "metrics/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
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

/// The series of one kind that have been asked for: prometheus-cpp makes a map of all labels each time to find one.
template <class Series>
class known_series {
 public:
  template <class Make>
  Series& find_or_make(std::size_t row, std::span<const std::string_view> values, Make make) {
    thread_local std::string key;
    key.assign(1, static_cast<char>(row));
    for (const auto value : values) key.append(value).append(1, '\0');
    {
      const std::shared_lock reading{mutex_};
      if (const auto at = series_.find(key); at != series_.end()) return *at->second;
    }
    auto& made = make(labels_of(row, values));
    const std::unique_lock writing{mutex_};
    series_.emplace(key, &made);
    return made;
  }

 private:
  std::shared_mutex mutex_;
  std::unordered_map<std::string, Series*> series_;  ///< by row and values; guarded by mutex_
};
static_assert(std::size(table) < 256);

}  // namespace

struct registry::families {
  template <class Series>
  [[nodiscard]] family<Series> at(std::size_t row) const {
    return std::get<family<Series>>(rows[row]);
  }

  prometheus::Registry all;
  std::vector<any_family> rows;  ///< as in the table
  known_series<prometheus::Counter> counters;
  known_series<prometheus::Histogram> histograms;
  std::mutex changing;  ///< guards gauges that may be removed
};

void counter::add(double amount) { series_->Increment(amount); }
void gauge::set(double value) { series_->Set(value); }
void histogram::observe(double value) { series_->Observe(value); }

registry::registry() : families_(std::make_unique<families>()) {
  for (const auto& row : table) families_->rows.push_back(declare(row, families_->all));
}
registry::~registry() = default;

counter registry::find_counter(std::size_t row, label_values values) {
  return counter{families_->counters.find_or_make(row, values, [&](const prometheus::Labels& labels) -> auto& {
    return families_->at<prometheus::Counter>(row)->Add(labels);
  })};
}

gauge registry::find_gauge(std::size_t row, label_values values) {
  return gauge{families_->at<prometheus::Gauge>(row)->Add(labels_of(row, values))};
}

void registry::set_or_remove(std::size_t row, label_values values, std::optional<double> value) {
  auto& all = *families_->at<prometheus::Gauge>(row);
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
  return histogram{families_->histograms.find_or_make(row, values, [&](const prometheus::Labels& labels) -> auto& {
    const auto bounds = table[row].bounds;
    return families_->at<prometheus::Histogram>(row)->Add(labels, std::vector<double>(bounds.begin(), bounds.end()));
  })};
}

std::string registry::expose() const { return prometheus::TextSerializer{}.Serialize(families_->all.Collect()); }

}  // namespace refrain::metrics
