#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "metrics/table.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace refrain::metrics {

/// Handles to time series: cheap to copy, good as long as their registry, to be used from any thread.
class counter {
 public:
  explicit counter(prometheus::Counter& series) : series_(&series) {}
  void add(double amount = 1);

 private:
  prometheus::Counter* series_;
};

class gauge {
 public:
  explicit gauge(prometheus::Gauge& series) : series_(&series) {}
  void set(double value);

 private:
  prometheus::Gauge* series_;
};

class histogram {
 public:
  explicit histogram(prometheus::Histogram& series) : series_(&series) {}
  void observe(double value);

 private:
  prometheus::Histogram* series_;
};

/// All time series of a process. The values of a metric's labels are given in the order of its row; asking twice for
/// the same ones gives the same series. That takes a lock: where it counts, make the handle beforehand. Any thread.
class registry {
 public:
  registry();
  ~registry();

  template <class... Values>
  [[nodiscard]] counter counter_of(metric_name<kind::counter, sizeof...(Values)> name, const Values&... values) {
    return find_counter(name.row, std::array<std::string_view, sizeof...(Values)>{values...});
  }
  template <class... Values>
  [[nodiscard]] gauge gauge_of(metric_name<kind::gauge, sizeof...(Values)> name, const Values&... values) {
    return find_gauge(name.row, std::array<std::string_view, sizeof...(Values)>{values...});
  }
  /// Sets a gauge that is not always known: one without a value is not exposed. Not for gauges of which handles are
  /// kept.
  template <class... Values>
  void set_known(metric_name<kind::gauge, sizeof...(Values)> name, std::optional<double> value,
                 const Values&... values) {
    set_or_remove(name.row, std::array<std::string_view, sizeof...(Values)>{values...}, value);
  }
  template <class... Values>
  [[nodiscard]] histogram histogram_of(metric_name<kind::histogram, sizeof...(Values)> name, const Values&... values) {
    return find_histogram(name.row, std::array<std::string_view, sizeof...(Values)>{values...});
  }

  /// Everything in Prometheus' text exposition format 0.0.4.
  [[nodiscard]] std::string expose() const;

 private:
  using label_values = std::span<const std::string_view>;
  [[nodiscard]] counter find_counter(std::size_t row, label_values values);
  [[nodiscard]] gauge find_gauge(std::size_t row, label_values values);
  void set_or_remove(std::size_t row, label_values values, std::optional<double> value);
  [[nodiscard]] histogram find_histogram(std::size_t row, label_values values);

  struct families;
  std::unique_ptr<families> families_;
};

}  // namespace refrain::metrics
