#include "bench/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <numeric>
#include <string_view>

#include "base/bytes.h"

namespace refrain::bench {
namespace {

struct shown_percentile {
  std::string_view name;
  unsigned share;
};
constexpr std::array shown{shown_percentile{"p50", 500}, shown_percentile{"p90", 900}, shown_percentile{"p99", 990},
                           shown_percentile{"p99.9", 999}, shown_percentile{"max", 1000}};

double microseconds(std::chrono::nanoseconds time) { return std::chrono::duration<double, std::micro>(time).count(); }
double seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

std::string readable(std::chrono::nanoseconds time) {
  const auto us = microseconds(time);
  if (us < 1'000) return fmt::format("{:.0f} us", us);
  if (us < 1'000'000) return fmt::format("{:.1f} ms", us / 1e3);
  return fmt::format("{:.2f} s", us / 1e6);
}

double rate(std::uint64_t count, std::chrono::nanoseconds elapsed) {
  return elapsed.count() == 0 ? 0 : static_cast<double>(count) / seconds(elapsed);
}

void sort_all(measurement& result) {
  for (auto& [outcome, times] : result.by_outcome) std::ranges::sort(times);
}

}  // namespace

std::uint64_t measurement::good() const noexcept {
  return std::accumulate(by_outcome.begin(), by_outcome.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& one) { return sum + one.second.size(); });
}

std::uint64_t measurement::bad() const noexcept {
  return std::accumulate(faults.begin(), faults.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& one) { return sum + one.second; });
}

std::chrono::nanoseconds percentile(const latencies& sorted, unsigned share) {
  if (sorted.empty()) return std::chrono::nanoseconds{0};
  const auto rank = (sorted.size() * share + 999) / 1000;
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

std::string as_text(measurement result, unsigned connections) {
  sort_all(result);
  auto text = fmt::format("{} requests in {:.1f} s over {} connections: {:.0f} a second, {}/s of answers\n",
                          result.good() + result.bad(), seconds(result.elapsed), connections,
                          rate(result.good(), result.elapsed),
                          base::to_string({static_cast<std::uint64_t>(rate(result.bytes, result.elapsed))}));
  text += fmt::format("\n{:<14}{:>10}", "outcome", "requests");
  for (const auto& [name, share] : shown) text += fmt::format("{:>10}", name);
  text += '\n';
  for (const auto& [outcome, times] : result.by_outcome) {
    text += fmt::format("{:<14}{:>10}", outcome, times.size());
    for (const auto& [name, share] : shown) text += fmt::format("{:>10}", readable(percentile(times, share)));
    text += '\n';
  }
  if (result.bad() > 0) text += "\nfaults:\n";
  for (const auto& [reason, count] : result.faults) text += fmt::format("{:>10}  {}\n", count, reason);
  return text;
}

std::string as_json(measurement result, unsigned connections) {
  sort_all(result);
  boost::json::object outcomes;
  for (const auto& [outcome, times] : result.by_outcome) {
    boost::json::object row{{"requests", times.size()}};
    for (const auto& [name, share] : shown)
      row[std::string(name) + "_us"] = std::llround(microseconds(percentile(times, share)));
    outcomes[outcome] = std::move(row);
  }
  boost::json::object faults;
  for (const auto& [reason, count] : result.faults) faults[reason] = count;
  return boost::json::serialize(
             boost::json::object{{"connections", connections},
                                 {"seconds", seconds(result.elapsed)},
                                 {"requests", result.good() + result.bad()},
                                 {"requests_per_second", std::llround(rate(result.good(), result.elapsed))},
                                 {"body_bytes", result.bytes},
                                 {"outcomes", std::move(outcomes)},
                                 {"faults", std::move(faults)}}) +
         "\n";
}

}  // namespace refrain::bench
