#include <gtest/gtest.h>

#include <string>

#include "support/chat_reading.h"
#include "support/gateway.h"

namespace refrain::tests {
namespace {

/// Two requests, and whether the second is the first once more.
struct pair_case {
  std::string_view name;
  std::string first;
  std::string second;
  bool same;
  header_list first_headers{};
  header_list second_headers{};
};

std::string body_with(std::string_view members) {
  return std::string(R"({"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}])").append(members) + "}";
}

const pair_case pairs[]{
    {"order_of_members", R"({"model":"m","messages":[{"role":"user","content":"hi"}]})",
     R"({"messages":[{"content":"hi","role":"user"}],"model":"m"})", true},
    {"white_space", body_with(""),
     " { \"model\" : \"gpt-4o-mini\",\n\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", true},
    {"stream_false", body_with(""), body_with(R"(,"stream":false)"), true},
    {"stream_options", body_with(R"(,"stream":true)"),
     body_with(R"(,"stream":true,"stream_options":{"include_usage":true})"), true},
    {"user", body_with(R"(,"user":"anna")"), body_with(R"(,"user":"bert")"), true},
    {"metadata", body_with(R"(,"metadata":{"run":"1"})"), body_with(""), true},
    {"service_tier", body_with(R"(,"service_tier":"flex")"), body_with(""), true},
    {"safety_identifier", body_with(R"(,"safety_identifier":"x")"), body_with(""), true},
    {"prompt_cache_key", body_with(R"(,"prompt_cache_key":"x")"), body_with(""), true},
    {"store_false", body_with(R"(,"store":false)"), body_with(""), true},
    {"unicode_escapes", R"({"model":"m","messages":[{"role":"user","content":"\u0048i \ud83d\ude00"}]})",
     "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi \xF0\x9F\x98\x80\"}]}", true},
    {"numbers", body_with(R"(,"temperature":1)"), body_with(R"(,"temperature":1.0)"), true},
    {"numbers_with_an_exponent", body_with(R"(,"temperature":0.5)"), body_with(R"(,"temperature":5e-1)"), true},
    {"directives_to_the_cache", body_with(R"(,"cache":{"ttl":60})"), body_with(""), true},
    {"retry_count",
     body_with(""),
     body_with(""),
     true,
     {{"x-stainless-retry-count", "0"}},
     {{"x-stainless-retry-count", "1"}}},
    {"user_agent", body_with(""), body_with(""), true, {{"User-Agent", "a"}}, {{"User-Agent", "b"}}},
    {"idempotency_key", body_with(""), body_with(""), true, {{"Idempotency-Key", "a"}}, {{"Idempotency-Key", "b"}}},
    {"cookies_of_load_balancers",
     body_with(""),
     body_with(""),
     true,
     {{"Cookie", "__cf_bm=1"}},
     {{"Cookie", "__cf_bm=2"}}},
    {"cookies", body_with(""), body_with(""), false, {{"Cookie", "a=1"}}, {{"Cookie", "a=2"}}},

    {"text", chat("one"), chat("two"), false},
    {"letter_case", chat("Hello"), chat("hello"), false},
    {"outer_blanks", chat("hello"), chat("hello "), false},
    {"model", R"({"model":"m","messages":[]})", R"({"model":"n","messages":[]})", false},
    {"numbers_that_differ", body_with(R"(,"temperature":1)"), body_with(R"(,"temperature":1.1)"), false},
    {"big_numbers", body_with(R"(,"seed":9007199254740993)"), body_with(R"(,"seed":9007199254740992)"), false},
    {"null_and_absent", body_with(R"(,"stop":null)"), body_with(""), false},
    {"unknown_member", body_with(R"(,"x_new":1)"), body_with(""), false},
    {"value_of_an_unknown_member", body_with(R"(,"x_new":{"a":[1]})"), body_with(R"(,"x_new":{"a":[2]})"), false},
    {"order_of_messages", R"({"model":"m","messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]})",
     R"({"model":"m","messages":[{"role":"user","content":"b"},{"role":"user","content":"a"}]})", false},
    {"organization",
     body_with(""),
     body_with(""),
     false,
     {{"OpenAI-Organization", "a"}},
     {{"openai-organization", "b"}}},
    {"beta", body_with(""), body_with(""), false, {{"OpenAI-Beta", "a"}}, {}},
};

class keys : public testing::TestWithParam<pair_case> {};

TEST_P(keys, hold_what_can_change_the_answer_and_nothing_else) {
  const auto& how = GetParam();
  gateway at_work;
  auto client = at_work.client();
  const auto first = client.post(chat_path, how.first, how.first_headers);
  const auto second = client.post(chat_path, how.second, how.second_headers);
  ASSERT_NE(first.outcome(), "BYPASS") << first.header("cache-status");
  EXPECT_EQ(second.outcome(), first.status != 200 || !how.same ? "MISS" : "HIT");
  EXPECT_EQ(first.header("x-refrain-key") == second.header("x-refrain-key"), how.same);
  if (second.status == 200) EXPECT_TRUE(proves(second.body, how.second)) << second.body;
}

INSTANTIATE_TEST_SUITE_P(requests, keys, testing::ValuesIn(pairs),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(key, query_is_part_of_it_whatever_its_order) {
  gateway at_work;
  auto client = at_work.client();
  const auto path = std::string(chat_path);
  client.post(path + "?a=1&b=2", chat("hello"));
  EXPECT_EQ(client.post(path + "?b=2&a=1", chat("hello")).outcome(), "HIT");
  EXPECT_EQ(client.post(path + "?a=1&b=3", chat("hello")).outcome(), "MISS");
  EXPECT_EQ(client.post(path, chat("hello")).outcome(), "MISS");
}

TEST(key, both_paths_of_an_endpoint_share_it) {
  gateway at_work;
  auto client = at_work.client();
  client.post("/v1/chat/completions", chat("hello"));
  EXPECT_EQ(client.post("/openai/v1/chat/completions", chat("hello")).outcome(), "HIT");
  EXPECT_EQ(client.post("/openai/chat/completions", chat("hello")).outcome(), "HIT");
}

TEST(key, user_is_part_of_it_where_the_operator_says_so) {
  gateway at_work{{.configure = [](auto& to) { to.cache.key_user = true; }}};
  auto client = at_work.client();
  client.post(chat_path, chat("hello", R"(,"user":"anna")"));
  EXPECT_EQ(client.post(chat_path, chat("hello", R"(,"user":"bert")")).outcome(), "MISS");
  EXPECT_EQ(client.post(chat_path, chat("hello", R"(,"user":"anna")")).outcome(), "HIT");
}

TEST(key, headers_are_part_of_it_where_the_operator_says_so) {
  gateway at_work{{.configure = [](auto& to) { to.cache.key_headers = {"x-region"}; }}};
  auto client = at_work.client();
  client.post(chat_path, chat("hello"), {{"X-Region", "eu"}});
  EXPECT_EQ(client.post(chat_path, chat("hello"), {{"X-Region", "us"}}).outcome(), "MISS");
  EXPECT_EQ(client.post(chat_path, chat("hello"), {{"x-region", "eu"}}).outcome(), "HIT");
}

}  // namespace
}  // namespace refrain::tests
