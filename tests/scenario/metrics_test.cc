#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "support/gateway.h"
#include "support/net/run_to_end.h"
#include "support/redis_gateway.h"
#include "support/websocket.h"

namespace refrain::tests {
namespace {

net::task<bool> measured(entry::store& what) {
  co_await what.catalogue().measure();
  co_return true;
}

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

TEST_F(redis_gateway_test, tells_what_the_server_knows_and_no_more) {
  open();
  ASSERT_TRUE(comes_back());
  const auto number = [&](std::string_view name) {
    const auto text = at_work_->client().get("/metrics").body;
    const auto at = text.find("\n" + std::string{name} + " ");
    return at == std::string::npos ? std::nullopt : std::optional{std::stod(text.substr(at + name.size() + 2))};
  };
  EXPECT_TRUE(hits_come());
  (void)net::run_to_end(measured(at_work_->store()));
  EXPECT_EQ(number("refrain_store_entries"), ask({"DBSIZE"}).integer);
  EXPECT_GT(number("refrain_store_bytes"), 100'000.0) << "a Redis with nothing in it takes more";
  EXPECT_EQ(number("refrain_store_evictions"), 0);
  EXPECT_EQ(number("refrain_store_max_bytes"), std::nullopt) << "it has no bound";
  EXPECT_FALSE(at_work_->client().get("/metrics").body.contains("\ncache_size_bytes{")) << "only SCAN could tell";

  (void)ask({"CONFIG", "SET", "maxmemory", "64mb"});
  (void)net::run_to_end(measured(at_work_->store()));
  EXPECT_EQ(number("refrain_store_max_bytes"), 64 << 20);

  server_.stop();
  EXPECT_TRUE(goes_away());
  for (const std::string_view name : {"refrain_store_entries", "refrain_store_bytes", "refrain_store_max_bytes"}) {
    EXPECT_EQ(number(name), std::nullopt) << name;
  }
}

TEST_F(redis_gateway_test, that_may_not_ask_leaves_out_what_it_is_not_told) {
  (void)ask({"ACL", "SETUSER", "app", "on", ">pw", "~*", "&*", "+@all", "-info"});
  open("redis://app:pw@127.0.0.1:" + std::to_string(proxy_.port()));
  ASSERT_TRUE(comes_back());
  (void)net::run_to_end(measured(at_work_->store()));
  EXPECT_TRUE(status().entries.has_value());
  EXPECT_FALSE(status().bytes || status().max_bytes || status().evictions);
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
