// What LiteLLM left in a Redis that is ours now: requests that it has answered before are answered from there, once.

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <utility>

#include "redis/client.h"
#include "support/chat_reading.h"
#include "support/gateway.h"
#include "support/net/run_to_end.h"
#include "support/redis/client.h"

namespace refrain::tests {
namespace {

using namespace std::chrono_literals;
using redis::reply_kind;

// Made with Python's hashlib, of "model: openai/gpt-4o-minimessages: [{'role': 'user', 'content': 'hello'}]", of that
// and "stream: True", and of "model: gpt-4o-minimessages: [{'role': 'user', 'content': 'hello'}]temperature: 0.5stream:
// False".
constexpr std::string_view plain_key = "e744c34d18378a97f7598bd4687fa1e7daccbfc53d306429f177e4a890b6e9c3";
constexpr std::string_view stream_key = "8aba28f8e8169c56264b554da8faeaaa4e52f858cf61ce823a9f13f45b2e162b";
constexpr std::string_view proxy_key = "7728934519e5d31501c1c394337d1e8839bcd63fb1ef97a9559c900d18324e2a";

/// LiteLLM's own object, as text of a JSON text.
std::string kept(const std::string& message, const std::string& finish = "stop") {
  return R"({"id":"chatcmpl-of-litellm","created":1700000000,"model":"gpt-4o-mini-2024-07-18","object":"chat.completion",)"
         R"("system_fingerprint":"fp_1","choices":[{"finish_reason":")" +
         finish + R"(","index":0,"message":)" + message +
         R"(,"provider_specific_fields":{}}],"usage":{"completion_tokens":3,"prompt_tokens":5,"total_tokens":8,)"
         R"("prompt_tokens_details":null},"moderation":null,"service_tier":"default"})";
}
const std::string said = R"({"content":"It is LiteLLM's answer.","role":"assistant","tool_calls":null,)"
                         R"("function_call":null,"provider_specific_fields":{"refusal":null}})";
const std::string called = R"({"content":null,"role":"assistant","tool_calls":[{"function":{"arguments":)"
                           R"("{\"city\":\"Paris\"}","name":"get_weather"},"id":"call_1","type":"function"}]})";

std::string as_json(const std::string& response) {
  return R"({"timestamp": 1799999000.5, "response": )" + boost::json::serialize(boost::json::value(response)) + "}";
}

/// A Redis in which LiteLLM has been at work, with a gateway before it.
class litellm : public testing::Test {
 protected:
  gateway& start(const std::function<void(config::settings&)>& more = [](auto&) {}) {
    const auto configure = [&](config::settings& to) {
      to.store.litellm = true;
      more(to);
    };
    gateway_.emplace(gateway::options{.configure = configure, .store = redis_.url()});
    return *gateway_;
  }

  redis::reply ask(const redis::commands& what) {
    while (true) {
      if (auto all = net::run_to_end(own_.call(redis::use::write, what))) return all->front();
    }
  }
  void keep(std::string_view key, std::string_view value) { ask({"SET", key, value, "EX", "600"}); }
  std::string value_of(std::string_view key) { return ask({"GET", key}).text; }

  /// Whether the gateway answers for `from` what LiteLLM kept, then from an entry of its own, without the upstream.
  void expect_inherited(gateway& at_work, const std::string& body, const header_list& headers = {}) {
    const auto calls = at_work.calls();
    auto client = at_work.client();
    const auto first = client.post(chat_path, body, headers);
    EXPECT_EQ(first.outcome(), "HIT") << first.header("cache-status");
    EXPECT_TRUE(first.header("cache-status").contains("litellm")) << first.header("cache-status");
    EXPECT_TRUE(first.body.contains("chatcmpl-of-litellm")) << first.body;
    const auto second = client.post(chat_path, body, headers);
    EXPECT_EQ(second.outcome(), "HIT");
    EXPECT_FALSE(second.header("cache-status").contains("litellm")) << second.header("cache-status");
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(at_work.calls(), calls);
  }
  void expect_miss(gateway& at_work, const std::string& body, const header_list& headers = {}) {
    const auto calls = at_work.calls();
    const auto got = at_work.client().post(chat_path, body, headers);
    EXPECT_EQ(got.status, 200);
    EXPECT_FALSE(got.body.contains("chatcmpl-of-litellm")) << got.body;
    EXPECT_EQ(at_work.calls(), calls + 1);
  }

  redis::testing::server redis_;
  redis::client own_{redis::testing::to(redis_)};
  std::optional<gateway> gateway_;
};

TEST_F(litellm, answer_is_served_and_is_ours_from_then_on) {
  keep(plain_key, as_json(kept(said)));
  auto& at_work = start();
  expect_inherited(at_work, chat("hello"));
  const auto got = at_work.client().post(chat_path, chat("hello"));
  EXPECT_EQ(got.header("content-type"), "application/json");
  EXPECT_EQ(got.body,
            R"({"id":"chatcmpl-of-litellm","created":1700000000,"model":"gpt-4o-mini-2024-07-18",)"
            R"("object":"chat.completion","system_fingerprint":"fp_1","choices":[{"finish_reason":"stop","index":0,)"
            R"("message":{"content":"It is LiteLLM's answer.","role":"assistant","refusal":null}}],)"
            R"("usage":{"completion_tokens":3,"prompt_tokens":5,"total_tokens":8},"service_tier":"default"})");
  ASSERT_EQ(at_work.entries().size(), 1U);
  EXPECT_EQ(at_work.entries().front().usage.input, 5U);
}

TEST_F(litellm, its_own_entry_stays_as_it_is) {
  const auto value = as_json(kept(said));
  ask({"SET", plain_key, value, "PXAT", "4000000000000"});
  expect_inherited(start(), chat("hello"));
  EXPECT_EQ(value_of(plain_key), value);
  EXPECT_EQ(ask({"PEXPIRETIME", plain_key}).integer, 4'000'000'000'000);
}

TEST_F(litellm, answer_to_a_stream_is_served_as_one) {
  keep(stream_key, as_json(kept(said)));
  auto& at_work = start();
  const auto got = at_work.client().post(chat_path, chat("hello", streamed));
  EXPECT_EQ(got.outcome(), "HIT");
  EXPECT_TRUE(got.header("content-type").starts_with("text/event-stream"));
  EXPECT_EQ(read_chat(got.body).choices.at(0).content, "It is LiteLLM's answer.");
  EXPECT_EQ(events_of(got.body).back(), "[DONE]");
  expect_miss(at_work, chat("other", streamed));
}

TEST_F(litellm, tool_call_is_served_to_the_letter_plain_and_streamed) {
  keep(plain_key, as_json(kept(called, "tool_calls")));
  auto& at_work = start();
  expect_inherited(at_work, chat("hello"));
  const read_call wanted{.id = "call_1", .name = "get_weather", .arguments = R"({"city":"Paris"})"};
  for (const auto form : {std::string_view{}, streamed}) {
    const auto choice = read_chat(at_work.client().post(chat_path, chat("hello", form)).body).choices.at(0);
    ASSERT_EQ(choice.calls.size(), 1U);
    EXPECT_EQ(choice.calls.front(), wanted);
    EXPECT_EQ(choice.finish, "tool_calls");
  }
  EXPECT_EQ(at_work.calls(), 0U);
}

TEST_F(litellm, older_form_of_a_value_is_read) {
  keep(
      plain_key,
      R"({'timestamp': 1799999000.5, 'response': '{"id":"chatcmpl-of-litellm","created":1700000000,"model":"m","object":"chat.completion",)"
      R"("choices":[{"finish_reason":"stop","index":0,"message":{"content":"It\'s \\"so\\" 😀\\n",)"
      R"("role":"assistant","tool_calls":null}}]}'})");
  auto& at_work = start();
  expect_inherited(at_work, chat("hello"));
  EXPECT_EQ(read_chat(at_work.client().post(chat_path, chat("hello")).body).choices.at(0).content, "It's \"so\" 😀\n");
}

TEST_F(litellm, entry_of_its_proxy_is_found) {
  keep(proxy_key, as_json(kept(said)));
  expect_inherited(start(), chat("hello", R"(,"temperature":0.5)"));
}

TEST_F(litellm, value_that_is_no_whole_good_answer_is_a_miss_and_left_alone) {
  const auto whole = as_json(kept(said));
  const std::string filtered = as_json(kept(said, "content_filter"));
  const std::string unfinished = as_json(kept(said, ""));
  const std::string empty = as_json(kept(R"({"role":"assistant","content":""})"));
  const std::string failed = as_json(R"({"object":"chat.completion","error":{"message":"no"},"choices":[]})");
  auto& at_work = start([](auto& to) { to.cache.llm_ttl.fill(0s); });
  for (const auto& value :
       {whole.substr(0, whole.size() / 2), filtered, unfinished, empty, failed, std::string{"8"}, std::string{}}) {
    keep(plain_key, value);
    expect_miss(at_work, chat("hello"));
    EXPECT_EQ(value_of(plain_key), value);
  }
  ask({"DEL", plain_key});
  ask({"HSET", plain_key, "timestamp", "1"});
  expect_miss(at_work, chat("hello"));
  EXPECT_EQ(ask({"TYPE", plain_key}).text, "hash");
}

TEST_F(litellm, value_is_judged_by_how_it_ended_as_an_answer_of_our_own) {
  auto& strict = start([](auto& to) { to.cache.keep_cut = false; });
  keep(plain_key, as_json(kept(said, "length")));
  expect_miss(strict, chat("hello"));

  auto& open = start([](auto& to) { to.cache.finish_reasons = {"repetition"}; });
  ask({"FLUSHDB"});
  keep(plain_key, as_json(kept(said, "repetition")));
  expect_inherited(open, chat("hello"));
}

TEST_F(litellm, nothing_is_looked_for_unless_it_is_asked_for) {
  keep(plain_key, as_json(kept(said)));
  expect_miss(start([](auto& to) { to.store.litellm = false; }), chat("hello"));
}

TEST_F(litellm, request_that_wants_no_stored_answer_gets_none) {
  keep(plain_key, as_json(kept(said)));
  auto& at_work = start();
  for (const std::string directive : {"no-store", "max-age=60", "no-cache"}) {
    expect_miss(at_work, chat("hello"), {{"Cache-Control", directive}});
  }
}

TEST_F(litellm, only_if_cached_is_answered) {
  keep(plain_key, as_json(kept(said)));
  auto& at_work = start();
  expect_inherited(at_work, chat("hello"), {{"Cache-Control", "only-if-cached"}});
  EXPECT_EQ(at_work.client().post(chat_path, chat("other"), {{"Cache-Control", "only-if-cached"}}).status, 504);
}

TEST_F(litellm, age_counts_from_when_it_was_written_and_its_end_is_the_end_of_ours) {
  keep(plain_key, as_json(kept(said)));
  auto& at_work = start();
  const auto got = at_work.client().post(chat_path, chat("hello"));
  EXPECT_EQ(got.header("age"), "1000");
  at_work.clock().advance(601s);
  ask({"DEL", plain_key});
  expect_miss(at_work, chat("hello"));
}

TEST_F(litellm, older_answer_does_not_come_back_for_one_of_ours_that_is_newer) {
  ask({"SET", plain_key, as_json(kept(said))});
  auto& at_work = start([](auto& to) { to.cache.llm_ttl.fill(60s); });
  expect_miss(at_work, chat("hello"), {{"Cache-Control", "no-cache"}});
  at_work.clock().advance(61s);
  expect_miss(at_work, chat("hello"));
}

TEST_F(litellm, with_a_ttl_of_nothing_it_answers_and_nothing_is_stored) {
  keep(plain_key, as_json(kept(said)));
  auto& at_work = start();
  for (int turn = 0; turn < 2; ++turn) {
    const auto got = at_work.client().post(chat_path, chat("hello"), {{"x-refrain-ttl", "0"}});
    EXPECT_EQ(got.outcome(), "HIT");
    EXPECT_TRUE(got.header("cache-status").contains("litellm"));
  }
  EXPECT_TRUE(at_work.entries().empty());
}

TEST_F(litellm, namespace_stands_before_its_keys) {
  keep("caching:" + std::string{plain_key}, as_json(kept(said)));
  expect_miss(start(), chat("hello"));
  expect_inherited(start([](auto& to) { to.store.litellm_namespace = "caching"; }), chat("hello"));
}

TEST_F(litellm, request_of_a_namespace_gets_what_litellm_kept_for_that_one_alone) {
  keep(plain_key, as_json(kept(said)));
  auto& at_work = start();
  expect_miss(at_work, chat("hello"), {{"x-refrain-namespace", "team"}});
  keep("other:" + std::string{plain_key}, as_json(kept(said)));
  const auto got = at_work.client().post(chat_path, chat("hello", R"(,"cache":{"namespace":"other"})"));
  EXPECT_TRUE(got.body.contains("chatcmpl-of-litellm")) << got.body;
}

TEST_F(litellm, every_client_gets_it_as_an_entry_of_its_own) {
  keep(plain_key, as_json(kept(said)));
  auto& at_work = start();
  expect_inherited(at_work, chat("hello"), {{"Authorization", "Bearer sk-one"}});
  expect_inherited(at_work, chat("hello"), {{"Authorization", "Bearer sk-two"}});
  EXPECT_EQ(at_work.entries().size(), 2U);
}

TEST_F(litellm, beyond_loopback_only_clients_that_are_named_get_it) {
  keep(plain_key, as_json(kept(said)));
  auto& at_work = start([](auto& to) {
    to.server.listen.host = "0.0.0.0";
    to.clients["anna"] = {.key = base::secret{"key-of-anna"}};
  });
  expect_inherited(at_work, chat("hello"), {{"Authorization", "Bearer key-of-anna"}});
  expect_miss(at_work, chat("hello"), {{"Authorization", "Bearer sk-of-a-stranger"}});
}

TEST_F(litellm, what_was_purged_does_not_come_back) {
  keep(plain_key, as_json(kept(said)));
  auto& at_work = start();
  expect_inherited(at_work, chat("hello"));
  at_work.purge({.model = "gpt-4o-mini"});
  expect_miss(at_work, chat("hello"));
}

TEST_F(litellm, header_that_the_operator_keys_by_is_not_in_its_key) {
  keep(plain_key, as_json(kept(said)));
  auto& at_work = start([](auto& to) { to.cache.key_headers = {"x-persona"}; });
  expect_miss(at_work, chat("hello"), {{"x-persona", "pirate"}});
  expect_inherited(at_work, chat("hello"));
}

TEST_F(litellm, redis_that_is_away_is_a_miss) {
  auto& at_work = start();
  redis_.stop();
  expect_miss(at_work, chat("hello"));
}

// Made with Python's hashlib, of "model: minput: a", and of "model: minput: b" and "encoding_format: base64".
constexpr std::string_view key_of_a = "669af104bee1b4d230d50da91716827ce4c0e86670ca1aaa65658ce0683ffdc5";
constexpr std::string_view key_of_b = "10c18c601201002e8857428a18d95ef788588c49aeb7930d4ddc8b70ef242102";

TEST_F(litellm, vectors_are_found_one_by_one) {
  keep(key_of_a,
       R"({"timestamp": 1799999000.5, "response": {"embedding": [1.5, 2.5], "index": 0, "object": "embedding",)"
       R"( "model": "m", "prompt_tokens": 8, "prompt_tokens_details": null, "format_version": 2}})");
  keep(key_of_b, R"({"timestamp": 1799999000.5, "response": {"embedding": "AADAPwAAIEA=", "index": 1,)"
                 R"( "object": "embedding", "model": "m", "prompt_tokens": 1, "format_version": 2}})");
  auto& at_work = start();
  auto client = at_work.client();
  const auto both = client.post("/v1/embeddings", R"({"model":"m","input":["b","a"]})");
  EXPECT_EQ(both.outcome(), "HIT");
  EXPECT_TRUE(both.header("cache-status").contains("litellm")) << both.header("cache-status");
  EXPECT_EQ(both.body, R"({"object":"list","data":[{"object":"embedding","embedding":[1.5,2.5],"index":0},)"
                       R"({"object":"embedding","embedding":[1.5,2.5],"index":1}],"model":"m",)"
                       R"("usage":{"prompt_tokens":9,"total_tokens":9}})");
  EXPECT_EQ(client.post("/v1/embeddings", R"({"model":"m","input":"a"})").outcome(), "HIT");
  EXPECT_EQ(at_work.calls(), 0U);
  const auto more = client.post("/v1/embeddings", R"({"model":"m","input":["a","c"]})");
  EXPECT_EQ(more.status, 200);
  EXPECT_EQ(at_work.calls(), 1U) << "for the one that nobody had";
  EXPECT_EQ(at_work.entries().size(), 3U);
}

}  // namespace
}  // namespace refrain::tests
