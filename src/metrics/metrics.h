#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace refrain::metrics {

using labels = std::map<std::string, std::string>;

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

/// All time series of a process. Asking twice for the same name and labels gives the same series. Any thread.
class registry {
 public:
  registry();
  ~registry();

  [[nodiscard]] counter make_counter(const std::string& name, const std::string& help, const labels& of);
  [[nodiscard]] gauge make_gauge(const std::string& name, const std::string& help, const labels& of);
  /// `bounds`: upper bounds of the buckets, ascending.
  [[nodiscard]] histogram make_histogram(const std::string& name, const std::string& help, const labels& of,
                                         const std::vector<double>& bounds);

  /// Everything in Prometheus' text exposition format 0.0.4.
  [[nodiscard]] std::string expose() const;

 private:
  struct families;
  std::unique_ptr<families> families_;
};

}  // namespace refrain::metrics
