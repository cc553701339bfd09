#include "metrics/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace refrain::metrics {
namespace {

TEST(registries, tell_what_was_counted) {
  registry all;
  auto hits = all.counter_of("cache_hits_total", "llm", "balanced");
  hits.add();
  hits.add(2);
  all.gauge_of("refrain_store_up").set(0.5);
  const auto text = all.expose();
  EXPECT_TRUE(text.contains("# HELP cache_hits_total Requests answered without an upstream call\n")) << text;
  EXPECT_TRUE(text.contains("# TYPE cache_hits_total counter\n")) << text;
  EXPECT_TRUE(text.contains("cache_hits_total{cache_type=\"llm\",optimization_level=\"balanced\"} 3\n")) << text;
  EXPECT_TRUE(text.contains("# TYPE refrain_store_up gauge\nrefrain_store_up 0.5\n")) << text;
}

TEST(registries, leave_out_metrics_without_series) {
  registry all;
  EXPECT_EQ(all.expose(), "");
}

TEST(registries, leave_out_what_is_not_known) {
  registry all;
  all.set_known("cache_size_bytes", 12.0, "llm");
  all.set_known("cache_size_bytes", std::nullopt, "tts");
  EXPECT_TRUE(all.expose().contains("cache_size_bytes{cache_type=\"llm\"} 12\n")) << all.expose();
  EXPECT_FALSE(all.expose().contains("tts")) << all.expose();
  all.set_known("cache_size_bytes", std::nullopt, "llm");
  EXPECT_EQ(all.expose(), "");
}

TEST(registries, have_one_series_for_a_name_and_labels) {
  registry all;
  all.counter_of("refrain_relayed_total", "a").add();
  all.counter_of("refrain_relayed_total", "a").add();
  all.counter_of("refrain_relayed_total", "b").add();
  const auto text = all.expose();
  EXPECT_TRUE(text.contains("refrain_relayed_total{upstream=\"a\"} 2\n")) << text;
  EXPECT_TRUE(text.contains("refrain_relayed_total{upstream=\"b\"} 1\n")) << text;
  EXPECT_EQ(text.find("# TYPE refrain_relayed_total"), text.rfind("# TYPE refrain_relayed_total")) << text;
}

TEST(registries, sort_observations_into_buckets) {
  registry all;
  auto latency = all.histogram_of("tts_latency_seconds", "a");
  for (const double value : {0.05, 0.1, 0.5, 70.0}) latency.observe(value);
  const auto text = all.expose();
  EXPECT_TRUE(text.contains("tts_latency_seconds_bucket{provider=\"a\",le=\"0.1\"} 2\n")) << text;
  EXPECT_TRUE(text.contains("tts_latency_seconds_bucket{provider=\"a\",le=\"60\"} 3\n")) << text;
  EXPECT_TRUE(text.contains("tts_latency_seconds_bucket{provider=\"a\",le=\"+Inf\"} 4\n")) << text;
  EXPECT_TRUE(text.contains("tts_latency_seconds_count{provider=\"a\"} 4\n")) << text;
}

TEST(registries, quote_what_labels_hold) {
  registry all;
  all.counter_of("refrain_relayed_total", "x\"y\\z\nw").add();
  EXPECT_TRUE(all.expose().contains(R"(refrain_relayed_total{upstream="x\"y\\z\nw"} 1)")) << all.expose();
}

TEST(registries, count_on_all_threads) {
  registry all;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&all] {
      auto mine = all.counter_of("refrain_relayed_total", "a");
      for (int round = 0; round < 1000; ++round) mine.add();
      (void)all.expose();
    });
  }
  for (auto& one : threads) one.join();
  EXPECT_TRUE(all.expose().contains("refrain_relayed_total{upstream=\"a\"} 4000\n"));
}

TEST(metrics, are_named_once_and_as_prometheus_has_it) {
  std::set<std::string_view> names;
  for (const auto& row : table) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name << " stands twice";
    EXPECT_EQ(row.name.ends_with("_total"), row.type == kind::counter) << row.name;
    EXPECT_EQ(row.bounds.empty(), row.type != kind::histogram) << row.name;
    EXPECT_TRUE(std::ranges::is_sorted(row.bounds)) << row.name;
    EXPECT_FALSE(row.meaning.empty() || row.meaning.ends_with('.')) << row.name;
  }
}

TEST(metrics, have_a_reference_page_that_is_not_stale) {
  const auto root = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path();
  std::ifstream page{root / "docs/reference/metrics.md"};
  const std::string committed{std::istreambuf_iterator<char>(page), {}};
  EXPECT_EQ(committed, reference_page()) << "refrain help --metrics > docs/reference/metrics.md";
}

}  // namespace
}  // namespace refrain::metrics
