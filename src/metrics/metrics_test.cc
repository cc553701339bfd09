#include "metrics/metrics.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace refrain::metrics {
namespace {

TEST(registries, tell_what_was_counted) {
  registry all;
  auto hits = all.make_counter("cache_hits_total", "Answers from the cache.", {{"cache_type", "llm"}});
  hits.add();
  hits.add(2);
  all.make_gauge("size_bytes", "Size.", {}).set(1.5);
  const auto text = all.expose();
  EXPECT_TRUE(text.contains("# HELP cache_hits_total Answers from the cache.\n")) << text;
  EXPECT_TRUE(text.contains("# TYPE cache_hits_total counter\n")) << text;
  EXPECT_TRUE(text.contains("cache_hits_total{cache_type=\"llm\"} 3\n")) << text;
  EXPECT_TRUE(text.contains("# TYPE size_bytes gauge\nsize_bytes 1.5\n")) << text;
}

TEST(registries, have_one_series_for_a_name_and_labels) {
  registry all;
  all.make_counter("calls_total", "Calls.", {{"a", "1"}}).add();
  all.make_counter("calls_total", "Calls.", {{"a", "1"}}).add();
  all.make_counter("calls_total", "Calls.", {{"a", "2"}}).add();
  const auto text = all.expose();
  EXPECT_TRUE(text.contains("calls_total{a=\"1\"} 2\n")) << text;
  EXPECT_TRUE(text.contains("calls_total{a=\"2\"} 1\n")) << text;
  EXPECT_EQ(text.find("# TYPE calls_total"), text.rfind("# TYPE calls_total")) << text;
}

TEST(registries, sort_observations_into_buckets) {
  registry all;
  auto latency = all.make_histogram("latency_seconds", "Latency.", {}, {0.1, 1});
  for (const double value : {0.05, 0.1, 0.5, 7.0}) latency.observe(value);
  const auto text = all.expose();
  EXPECT_TRUE(text.contains("latency_seconds_bucket{le=\"0.1\"} 2\n")) << text;
  EXPECT_TRUE(text.contains("latency_seconds_bucket{le=\"1\"} 3\n")) << text;
  EXPECT_TRUE(text.contains("latency_seconds_bucket{le=\"+Inf\"} 4\n")) << text;
  EXPECT_TRUE(text.contains("latency_seconds_count 4\n")) << text;
}

TEST(registries, quote_what_labels_hold) {
  registry all;
  all.make_counter("calls_total", "Calls.", {{"a", "x\"y\\z\nw"}}).add();
  EXPECT_TRUE(all.expose().contains(R"(calls_total{a="x\"y\\z\nw"} 1)")) << all.expose();
}

TEST(registries, count_on_all_threads) {
  registry all;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&all] {
      auto mine = all.make_counter("calls_total", "Calls.", {});
      for (int round = 0; round < 1000; ++round) mine.add();
      (void)all.expose();
    });
  }
  for (auto& one : threads) one.join();
  EXPECT_TRUE(all.expose().contains("calls_total 4000\n"));
}

}  // namespace
}  // namespace refrain::metrics
