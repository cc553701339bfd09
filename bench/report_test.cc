#include "bench/report.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "bench/load.h"

namespace refrain::bench {
namespace {

using namespace std::chrono_literals;

latencies one_to(int count) {
  latencies all;
  for (int i = 1; i <= count; ++i) all.push_back(std::chrono::microseconds{i});
  return all;
}

TEST(a_percentile, is_the_nearest_rank) {
  const auto hundred = one_to(100);
  EXPECT_EQ(percentile(hundred, 500), 50us);
  EXPECT_EQ(percentile(hundred, 990), 99us);
  EXPECT_EQ(percentile(hundred, 999), 100us);
  EXPECT_EQ(percentile(hundred, 1000), 100us);
  EXPECT_EQ(percentile(one_to(1), 500), 1us);
  EXPECT_EQ(percentile(one_to(3), 500), 2us);
  EXPECT_EQ(percentile({}, 500), 0us);
}

TEST(a_bench_report, parts_outcomes_and_counts_faults) {
  measurement result{.elapsed = 2s,
                     .bytes = 1000,
                     .by_outcome = {{"HIT", {3ms, 1ms, 2ms}}, {"MISS", {9ms}}},
                     .faults = {{"status 500", 2}}};
  const auto json = boost::json::parse(as_json(result, 4)).as_object();
  EXPECT_EQ(json.at("requests"), 6);
  EXPECT_EQ(json.at("requests_per_second"), 2) << "only good answers count";
  EXPECT_EQ(json.at("outcomes").at("HIT").at("p50_us"), 2000) << "however they were ordered";
  EXPECT_EQ(json.at("faults").at("status 500"), 2);
  const auto text = as_text(result, 4);
  EXPECT_NE(text.find("HIT                    3"), std::string::npos) << text;
  EXPECT_NE(text.find("status 500"), std::string::npos) << text;
}

TEST(a_body, is_whole_by_its_own_end) {
  EXPECT_TRUE(looks_whole("...}\n", false));
  EXPECT_FALSE(looks_whole("...", false));
  EXPECT_FALSE(looks_whole("", false));
  EXPECT_TRUE(looks_whole("data: {}\n\ndata: [DONE]\n\n", true));
  EXPECT_FALSE(looks_whole("data: {}\n\n", true));
}

}  // namespace
}  // namespace refrain::bench
