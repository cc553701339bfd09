#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "support/gateway.h"
#include "support/websocket.h"

namespace refrain::tests {
namespace {

TEST(metrics, count_hits_misses_and_money) {
  gateway at_work;
  auto client = at_work.client();
  client.post(chat_path, chat("one"));                                          // miss
  client.post(chat_path, chat("one"));                                          // hit
  client.post(chat_path, chat("one", streamed));                                // hit
  client.post(chat_path, chat("one"), {{"Cache-Control", "no-cache"}});         // refresh: a miss
  client.post(chat_path, chat("one"), {{"Cache-Control", "no-store"}});         // bypass: neither
  client.post(chat_path, chat("two"), {{"x-refrain-level", "speed"}});          // miss at another level
  client.post(chat_path, chat("three"), {{"x-mock-status", "500"}});            // an error: neither
  client.post(chat_path, chat("four"), {{"Cache-Control", "only-if-cached"}});  // refused: neither
  client.get("/v1/models");
  const auto text = client.get("/metrics").body;
  for (const std::string_view line : {
           "cache_hits_total{cache_type=\"llm\",optimization_level=\"balanced\"} 2\n",
           "cache_misses_total{cache_type=\"llm\",optimization_level=\"balanced\"} 2\n",
           "cache_misses_total{cache_type=\"llm\",optimization_level=\"speed\"} 1\n",
           "refrain_requests_total{outcome=\"bypass\"} 1\n",
           "refrain_relayed_total{upstream=\"openai\"} 1\n",
           "refrain_refused_total{reason=\"only_if_cached\"} 1\n",
           "refrain_not_stored_total{reason=\"status\"} 1\n",
           "refrain_fills 0\n",
           "refrain_fill_bytes 0\n",
       }) {
    EXPECT_TRUE(text.contains(line)) << line << text;
  }
  EXPECT_TRUE(text.contains("api_cost_usd_total{provider=\"openai\",service=\"llm\"} 0.000")) << text;
  EXPECT_TRUE(text.contains("cache_size_bytes{cache_type=\"llm\"} ")) << text;
}

TEST(metrics, money_spent_and_saved_add_up) {
  gateway at_work;
  auto client = at_work.client();
  client.post(chat_path, chat("one"));
  const auto spent = at_work.totals().all().spent;
  EXPECT_GT(spent.value, 0);
  for (int i = 0; i < 3; ++i) client.post(chat_path, chat("one"));
  // Counted once the answer is out.
  EXPECT_TRUE(gateway::eventually([&] { return at_work.totals().all().hits() == 3; }));
  const auto now = at_work.totals().all();
  EXPECT_EQ(now.spent.value, spent.value);
  EXPECT_EQ(now.saved.value, 3 * spent.value);
  EXPECT_EQ(now.misses(), 1U);
  EXPECT_EQ(now.unpriced, 0U);
}

TEST(metrics, are_all_in_the_reference) {
  gateway at_work;
  auto client = at_work.client();
  client.post(chat_path, chat("one"));
  client.post(chat_path, chat("two"), {{"x-mock-status", "500"}});
  client.post(chat_path, chat("three"), {{"Cache-Control", "only-if-cached"}});
  client.get("/v1/models");
  auto tunnelled = at_work.client();
  tunnelled.send(opening("/v1/realtime"));
  tunnelled.receive_until("\r\n\r\n");
  const auto root = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path();
  std::ifstream page{root / "docs/reference/metrics.md"};
  const std::string reference{std::istreambuf_iterator<char>(page), {}};
  constexpr std::string_view mark = "# TYPE ";
  const auto text = client.get("/metrics").body;
  int series = 0;
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const auto begin = at + mark.size();
    const auto name = text.substr(begin, text.find(' ', begin) - begin);
    EXPECT_TRUE(reference.contains("| `" + name + "` |")) << name;
    ++series;
  }
  EXPECT_GT(series, 15);
}

}  // namespace
}  // namespace refrain::tests
