#include "metrics/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace refrain::metrics {

// Families of the same name merge, so that a series may be asked for where it is used.
struct registry::families {
  prometheus::Registry all{prometheus::Registry::InsertBehavior::Merge};
};

void counter::add(double amount) { series_->Increment(amount); }
void gauge::set(double value) { series_->Set(value); }
void histogram::observe(double value) { series_->Observe(value); }

registry::registry() : families_(std::make_unique<families>()) {}
registry::~registry() = default;

counter registry::make_counter(const std::string& name, const std::string& help, const labels& of) {
  return counter{prometheus::BuildCounter().Name(name).Help(help).Register(families_->all).Add(of)};
}

gauge registry::make_gauge(const std::string& name, const std::string& help, const labels& of) {
  return gauge{prometheus::BuildGauge().Name(name).Help(help).Register(families_->all).Add(of)};
}

histogram registry::make_histogram(const std::string& name, const std::string& help, const labels& of,
                                   const std::vector<double>& bounds) {
  return histogram{prometheus::BuildHistogram().Name(name).Help(help).Register(families_->all).Add(of, bounds)};
}

std::string registry::expose() const { return prometheus::TextSerializer{}.Serialize(families_->all.Collect()); }

}  // namespace refrain::metrics
