#include "provider/families/openai.h"
#include "support/provider/reading.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace refrain::provider {
namespace {

using namespace std::chrono_literals;

/// A good request with more members.
std::string request(std::string_view more = {}) {
  return R"({"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}])" + std::string{more} + "}";
}

struct refused_request {
  std::string_view name;
  std::string body;
  uncacheable_reason why;
};

class chat_refusals : public ::testing::TestWithParam<refused_request> {};

TEST_P(chat_refusals, hold) { EXPECT_EQ(testing::parsed_of(openai_chat, GetParam().body).why_not, GetParam().why); }

INSTANTIATE_TEST_SUITE_P(
    each, chat_refusals,
    ::testing::Values(
        refused_request{"plain_request_is_cached", request(), uncacheable_reason::none},
        refused_request{"no_json", "hello", uncacheable_reason::malformed_body},
        refused_request{"no_object", "[]", uncacheable_reason::malformed_body},
        refused_request{"no_model", R"({"messages":[]})", uncacheable_reason::malformed_body},
        refused_request{"model_is_no_string", R"({"model":4,"messages":[]})", uncacheable_reason::malformed_body},
        refused_request{"model_is_empty", R"({"model":"","messages":[]})", uncacheable_reason::malformed_body},
        refused_request{"no_messages", R"({"model":"m"})", uncacheable_reason::malformed_body},
        refused_request{"messages_are_no_array", R"({"model":"m","messages":"hi"})",
                        uncacheable_reason::malformed_body},
        refused_request{"stream_is_no_boolean", request(R"(,"stream":"yes")"), uncacheable_reason::malformed_body},
        refused_request{"stream_may_be_null", request(R"(,"stream":null)"), uncacheable_reason::none},
        refused_request{"options_are_no_object", request(R"(,"stream_options":[])"),
                        uncacheable_reason::malformed_body},
        refused_request{"include_usage_is_no_boolean", request(R"(,"stream_options":{"include_usage":1})"),
                        uncacheable_reason::malformed_body},
        refused_request{"twin_members", request(R"(,"model":"other")"), uncacheable_reason::ambiguous_body},
        refused_request{"lone_surrogate", request(R"(,"suffix":"\ud800")"), uncacheable_reason::ambiguous_body},
        refused_request{"store_true", request(R"(,"store":true)"), uncacheable_reason::upstream_effect},
        refused_request{"store_false", request(R"(,"store":false)"), uncacheable_reason::none},
        refused_request{"web_search", request(R"(,"web_search_options":{})"), uncacheable_reason::none},
        refused_request{"audio_output", request(R"(,"modalities":["text","audio"],"audio":{"voice":"a"})"),
                        uncacheable_reason::server_state},
        refused_request{"text_output", request(R"(,"modalities":["text"])"), uncacheable_reason::none},
        refused_request{"previous_response", request(R"(,"previous_response_id":"resp_1")"),
                        uncacheable_reason::server_state},
        refused_request{"audio_of_earlier_answer",
                        R"({"model":"m","messages":[{"role":"assistant","audio":{"id":"audio_1"}}]})",
                        uncacheable_reason::server_state},
        refused_request{
            "file_by_id",
            R"({"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]})",
            uncacheable_reason::server_state},
        refused_request{
            "file_in_the_request",
            R"({"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"x"}}]}]})",
            uncacheable_reason::none}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(chat_request, members_at_the_top_are_bounded) {
  std::string more;
  for (int i = 0; i < 254; ++i) more += ",\"m" + std::to_string(i) + "\":1";
  EXPECT_EQ(testing::parsed_of(openai_chat, request(more)).why_not, uncacheable_reason::none);
  EXPECT_EQ(testing::parsed_of(openai_chat, request(more + R"(,"one":1)")).why_not, uncacheable_reason::malformed_body);
}

TEST(chat_request, tells_model_form_and_usage_wish) {
  auto parsed = testing::parsed_of(openai_chat, request());
  EXPECT_EQ(parsed.model, "gpt-4o-mini");
  EXPECT_EQ(parsed.form, wire_form::plain);
  parsed = testing::parsed_of(openai_chat, request(R"(,"stream":true)"));
  EXPECT_EQ(parsed.form, wire_form::stream);
  EXPECT_FALSE(parsed.wants_usage);
  parsed = testing::parsed_of(openai_chat, request(R"(,"stream":true,"stream_options":{"include_usage":true})"));
  EXPECT_TRUE(parsed.wants_usage);
  parsed = testing::parsed_of(openai_chat, request(R"(,"stream":false,"stream_options":{"include_usage":true})"));
  EXPECT_FALSE(parsed.wants_usage) << "only streams have a usage event";
}

TEST(chat_request, query_is_the_last_text_of_the_user) {
  const auto query_of = [](std::string_view messages) {
    return testing::parsed_of(openai_chat, R"({"model":"m","messages":)" + std::string{messages} + "}").query;
  };
  EXPECT_EQ(query_of(R"([{"role":"user","content":"one"},{"role":"user","content":"two"},
                         {"role":"assistant","content":"three"}])"),
            "two");
  EXPECT_EQ(query_of(R"([{"role":"user","content":[{"type":"text","text":"What is"},{"type":"image_url","image_url":{}},
                         {"type":"text","text":"this?"}]}])"),
            "What is this?");
  EXPECT_EQ(query_of(R"([{"role":"system","content":"only this"}])"), "");
  EXPECT_EQ(query_of("[]"), "");
  const auto long_one = query_of(R"([{"role":"user","content":")" + std::string(500, 'x') + R"("}])");
  EXPECT_EQ(long_one, std::string(200, 'x') + "…");
}

TEST(chat_request, denylist_alone_is_not_keyed) {
  const auto bare = testing::parsed_of(openai_chat, request());
  for (const auto& [name, why] : openai_chat_denylist()) {
    EXPECT_FALSE(why.empty());
    const std::string value = name == "stream" || name == "store"           ? "false"
                              : name == "stream_options" || name == "cache" ? "{}"
                                                                            : R"("x")";
    const auto parsed = testing::parsed_of(openai_chat, request(",\"" + std::string{name} + "\":" + value));
    EXPECT_EQ(parsed.why_not, uncacheable_reason::none) << name;
    EXPECT_EQ(parsed.content, bare.content) << name;
    EXPECT_EQ(parsed.fields, bare.fields) << name;
  }
  for (const auto* const more : {R"(,"temperature":0)", R"(,"n":1)", R"(,"seed":1)", R"(,"never_heard_of":null)",
                                 R"(,"User":"x")", R"(,"cache":true)", R"(,"reasoning_effort":"low")"}) {
    EXPECT_NE(testing::parsed_of(openai_chat, request(more)).content, bare.content) << more;
  }
}

TEST(chat_request, each_keyed_member_has_a_digest_in_the_order_of_names) {
  const auto parsed = testing::parsed_of(openai_chat, request(R"(,"temperature":1,"user":"u")"));
  std::vector<std::string> names;
  for (const auto& field : parsed.fields) names.push_back(field.name);
  EXPECT_EQ(names, (std::vector<std::string>{"messages", "model", "temperature"}));
}

TEST(chat_request, user_has_a_digest_of_its_own) {
  EXPECT_FALSE(testing::parsed_of(openai_chat, request()).user);
  const auto one = testing::parsed_of(openai_chat, request(R"(,"user":"a")")).user;
  const auto other = testing::parsed_of(openai_chat, request(R"(,"user":"b")")).user;
  EXPECT_TRUE(one);
  EXPECT_NE(one, other);
}

TEST(chat_request, litellm_directives_are_read) {
  const auto directives_of = [](std::string_view cache) {
    return testing::parsed_of(openai_chat, request(",\"cache\":" + std::string{cache})).directives;
  };
  EXPECT_EQ(
      directives_of(R"({"ttl":300,"s-maxage":"60","no-cache":true,"no-store":true,"namespace":"team"})"),
      (entry::body_directives{
          .present = true, .ttl = 300s, .max_age = 60s, .no_cache = true, .no_store = true, .name_space = "team"}));
  EXPECT_EQ(directives_of(R"({"ttl":3e2})").ttl, 300s);
  EXPECT_EQ(directives_of(R"({"ttl":-1,"s-maxage":"soon","no-cache":"x","use-cache":true,"namespace":3})"),
            entry::body_directives{.present = true});
  EXPECT_EQ(directives_of("true"), entry::body_directives{}) << "only an object is LiteLLM's";
  EXPECT_EQ(testing::parsed_of(openai_chat, request()).directives, entry::body_directives{});
}

TEST(chat_request, litellm_directives_are_read_of_requests_that_are_not_cached) {
  EXPECT_TRUE(testing::parsed_of(openai_chat, request(R"(,"store":true,"cache":{})")).directives.present);
}

}  // namespace
}  // namespace refrain::provider
