#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "support/gateway.h"
#include "support/scripted_upstream.h"
#include "support/temp_folder.h"

namespace refrain::tests {
namespace {

using namespace std::chrono_literals;

TEST(life, while_it_drains_new_requests_are_sent_away_and_a_stream_goes_on) {
  std::promise<void> drained;
  scripted_upstream provider{[&](auto& now) {
    now.write(stream_head() + chunk(chat_event("one")));
    drained.get_future().wait();
    now.write(chunk(chat_end()) + chunk(""));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto under_way = at_work.client();
  under_way.ask("POST", chat_path, chat("hello", streamed));
  under_way.receive_until("\"one\"");
  auto waiting = at_work.client();
  EXPECT_EQ(waiting.get("/healthz").status, 200);
  at_work.drain();
  for (const bool kept : {true, false}) {
    auto fresh = at_work.client();
    const auto got = (kept ? waiting : fresh).post(chat_path, chat("hello"));
    EXPECT_EQ(got.status, 503);
    EXPECT_EQ(got.header("connection"), "close");
    EXPECT_EQ(got.header("retry-after"), "1");
    EXPECT_EQ(got.count("x-should-retry"), 0U) << "an SDK shall ask again";
  }
  EXPECT_EQ(at_work.client().get("/readyz").status, 503);
  EXPECT_EQ(at_work.client().get("/healthz").status, 200);
  drained.set_value();
  EXPECT_TRUE(under_way.receive_until("[DONE]").contains("[DONE]"));
}

TEST(life, it_stops_while_clients_on_all_its_threads_follow_one_call) {
  // Which thread a connection meets is the kernel's choice: a few rounds meet each order.
  for (int round = 0; round < 6; ++round) {
    gateway at_work;
    std::vector<http_client> clients;
    for (int i = 0; i < 8; ++i) {
      clients.push_back(at_work.client());
      clients.back().ask("POST", chat_path, chat("hello", streamed), {{"x-mock-stall", "3"}});
    }
    for (auto& one : clients) EXPECT_TRUE(one.receive_until("data: ").contains("data: "));
    EXPECT_EQ(at_work.calls(), 1U);
  }
}

TEST(life, a_purge_kills_what_is_stored) {
  gateway at_work;
  auto client = at_work.client();
  client.post(chat_path, chat("tagged"), {{"x-refrain-tags", "old"}});
  client.post(chat_path, chat("other"));
  at_work.purge({.tag = "old"});
  EXPECT_EQ(client.post(chat_path, chat("other")).outcome(), "HIT");
  EXPECT_EQ(client.post(chat_path, chat("tagged")).outcome(), "MISS");
}

TEST(life, a_purge_kills_what_is_being_fetched_and_nobody_joins_that_any_more) {
  std::promise<void> purged;
  scripted_upstream provider{[&](auto& now) {
    if (now.number == 1) purged.get_future().wait();
    now.write(response(chat_answer(now.number == 1 ? "old" : "new")));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto before = at_work.client();
  before.ask("POST", chat_path, chat("hello"));
  EXPECT_TRUE(gateway::eventually([&] { return provider.calls() == 1; }));
  at_work.purge({});
  EXPECT_EQ(at_work.client().post(chat_path, chat("hello")).body, chat_answer("new"));
  purged.set_value();
  EXPECT_EQ(before.receive().body, chat_answer("old"));
  EXPECT_EQ(at_work.client().post(chat_path, chat("hello")).body, chat_answer("new"));
  EXPECT_EQ(provider.calls(), 2U);
}

TEST(life, entries_survive_a_restart) {
  const temp_folder folder;
  const auto store = "sqlite:" + folder.file("cache.db");
  scripted_upstream provider{
      [](auto& now) { now.write(stream_head() + chunk(chat_event("one") + chat_end()) + chunk("")); }};
  const auto configure = [&](config::settings& to) { to.upstreams["openai"].base_url = provider.base_url(); };
  http_answer recorded;
  {
    gateway at_work{{.configure = configure, .store = store}};
    recorded = at_work.client().post(chat_path, chat("hello", streamed));
  }
  gateway again{{.configure = configure, .store = store}};
  again.clock().advance(60s);
  const auto hit = again.client().post(chat_path, chat("hello", streamed));
  EXPECT_EQ(hit.outcome(), "HIT");
  EXPECT_EQ(hit.body, recorded.body);
  EXPECT_EQ(hit.header("age"), "60");
  EXPECT_EQ(provider.calls(), 1U);
}

TEST(life, a_purge_of_one_process_reaches_the_others) {
  const temp_folder folder;
  const auto store = "sqlite:" + folder.file("cache.db");
  scripted_upstream provider{[](auto& now) { now.write(response(chat_answer("hello"))); }};
  const auto configure = [&](config::settings& to) { to.upstreams["openai"].base_url = provider.base_url(); };
  gateway one{{.configure = configure, .store = store}};
  gateway two{{.configure = configure, .store = store}};
  EXPECT_EQ(one.client().post(chat_path, chat("hello")).outcome(), "MISS");
  one.store().flush();
  EXPECT_EQ(two.client().post(chat_path, chat("hello")).outcome(), "HIT");
  two.purge({});
  EXPECT_TRUE(gateway::eventually([&] {
    const auto got = one.client().post(chat_path, chat("hello"), {{"Cache-Control", "only-if-cached"}});
    return got.status == 504;
  }));
}

TEST(life, a_changed_configuration_reaches_the_requests_to_come) {
  gateway at_work;
  auto client = at_work.client();
  client.post(chat_path, chat("hello"));
  at_work.reload([](auto& to) { to.cache.enabled = false; });
  const auto passed = client.post(chat_path, chat("hello"));
  EXPECT_EQ(passed.outcome(), "BYPASS");
  EXPECT_EQ(passed.count("x-refrain-key"), 0U);
  at_work.reload([](auto& to) { to.cache.enabled = true; });
  EXPECT_EQ(client.post(chat_path, chat("hello")).outcome(), "HIT");
}

TEST(life, a_changed_limit_reaches_the_calls_to_come) {
  std::promise<void> over;
  scripted_upstream provider{[told = over.get_future().share()](auto& /*now*/) { told.wait(); }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  at_work.reload([&](auto& to) { to.limits.first_byte = 1s; });
  EXPECT_EQ(at_work.client().post(chat_path, chat("hello")).status, 504);
  over.set_value();
}

}  // namespace
}  // namespace refrain::tests
