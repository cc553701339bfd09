#include "provider/families/anthropic.h"
#include "support/provider/reading.h"

#include <gtest/gtest.h>

#include <string>

namespace refrain::provider {
namespace {

/// A request with one message and these members more: `,"stream":true`.
std::string request(std::string_view more = "") {
  std::string body = R"({"model":"claude-sonnet-5-5","max_tokens":64,"messages":[{"role":"user","content":"hi"}])";
  return body.append(more).append("}");
}

/// A request whose only message, of the user, has this content.
std::string saying(std::string_view content) {
  return R"({"model":"m","max_tokens":64,"messages":[{"role":"user","content":)" + std::string{content} + "}]}";
}

struct refused_request {
  std::string_view name;
  std::string body;
  uncacheable_reason why;
};

class messages_requests : public ::testing::TestWithParam<refused_request> {};

TEST_P(messages_requests, are_judged) {
  EXPECT_EQ(testing::parsed_of(anthropic_messages, GetParam().body).why_not, GetParam().why);
  EXPECT_EQ(testing::parsed_of(anthropic_messages, GetParam().body),
            anthropic_messages.read({.body = GetParam().body}));
}

INSTANTIATE_TEST_SUITE_P(
    each, messages_requests,
    ::testing::Values(
        refused_request{"good", request(), uncacheable_reason::none},
        refused_request{"no_json", "{", uncacheable_reason::malformed_body},
        refused_request{"no_object", "[1]", uncacheable_reason::malformed_body},
        refused_request{"no_model", R"({"messages":[]})", uncacheable_reason::malformed_body},
        refused_request{"no_messages", R"({"model":"m"})", uncacheable_reason::malformed_body},
        refused_request{"messages_are_no_array", R"({"model":"m","messages":"hi"})",
                        uncacheable_reason::malformed_body},
        refused_request{"stream_is_no_boolean", request(R"(,"stream":"yes")"), uncacheable_reason::malformed_body},
        refused_request{"stream_may_be_null", request(R"(,"stream":null)"), uncacheable_reason::none},
        refused_request{"twin_members", request(R"(,"model":"other")"), uncacheable_reason::ambiguous_body},
        refused_request{"only_warms_a_cache", R"({"model":"m","max_tokens":0,"messages":[]})",
                        uncacheable_reason::upstream_effect},
        refused_request{"container", request(R"(,"container":"container_1")"), uncacheable_reason::server_state},
        refused_request{"container_with_skills", request(R"(,"container":{"skills":[]})"),
                        uncacheable_reason::server_state},
        refused_request{"no_container", request(R"(,"container":null)"), uncacheable_reason::none},
        refused_request{"thread", request(R"(,"thread":{"type":"create"})"), uncacheable_reason::server_state},
        refused_request{"diagnostics", request(R"(,"diagnostics":{"previous_message_id":"msg_1"})"),
                        uncacheable_reason::server_state},
        refused_request{"mcp_servers", request(R"(,"mcp_servers":[{"type":"url","url":"https://mcp.example"}])"),
                        uncacheable_reason::upstream_effect},
        refused_request{"no_mcp_servers", request(R"(,"mcp_servers":[])"), uncacheable_reason::none},
        refused_request{"credit", request(R"(,"fallback_credit_token":"t")"), uncacheable_reason::upstream_effect},
        refused_request{"cache_control", request(R"(,"cache_control":{"type":"ephemeral"})"), uncacheable_reason::none},
        refused_request{"file_of_an_image", saying(R"([{"type":"image","source":{"type":"file","file_id":"file_1"}}])"),
                        uncacheable_reason::server_state},
        refused_request{"image_in_the_request",
                        saying(R"([{"type":"image","source":{"type":"base64","data":"","media_type":"image/png"}}])"),
                        uncacheable_reason::none},
        refused_request{"image_by_url",
                        saying(R"([{"type":"image","source":{"type":"url","url":"https://x.example"}}])"),
                        uncacheable_reason::none},
        refused_request{"file_for_a_container", saying(R"([{"type":"container_upload","file_id":"file_1"}])"),
                        uncacheable_reason::server_state},
        refused_request{
            "file_in_a_tools_result",
            saying(
                R"([{"type":"tool_result","content":[{"type":"document","source":{"type":"file","file_id":"f"}}]}])"),
            uncacheable_reason::server_state},
        refused_request{
            "file_in_a_documents_content",
            saying(
                R"([{"type":"document","source":{"type":"content","content":[{"type":"image","source":{"file_id":"f"}}]}}])"),
            uncacheable_reason::server_state},
        refused_request{"file_that_a_tool_was_called_with",
                        saying(R"([{"type":"tool_use","id":"t","name":"read","input":{"file_id":"mine"}}])"),
                        uncacheable_reason::none}),
    [](const auto& one) { return std::string(one.param.name); });

struct judged_tool {
  std::string_view tool;
  uncacheable_reason why;
};

class tools_of_messages : public ::testing::TestWithParam<judged_tool> {};

TEST_P(tools_of_messages, are_judged_by_where_they_run) {
  const auto [tool, why] = GetParam();
  const std::string own = R"({"name":"own","input_schema":{"type":"object"}})";
  EXPECT_EQ(
      testing::parsed_of(anthropic_messages, request(",\"tools\":[" + own + "," + std::string{tool} + "]")).why_not,
      why);
}

INSTANTIATE_TEST_SUITE_P(
    each, tools_of_messages,
    ::testing::Values(judged_tool{R"({"type":"custom","name":"a"})", uncacheable_reason::none},
                      judged_tool{R"({"type":null,"name":"a"})", uncacheable_reason::none},
                      judged_tool{R"({"type":"bash_20250124","name":"bash"})", uncacheable_reason::none},
                      judged_tool{R"({"type":"text_editor_20250728","name":"e"})", uncacheable_reason::none},
                      judged_tool{R"({"type":"memory_20250818","name":"memory"})", uncacheable_reason::none},
                      judged_tool{R"({"type":"computer_toolset_20260801"})", uncacheable_reason::none},
                      judged_tool{R"({"type":"browser_toolset_20260801"})", uncacheable_reason::none},
                      judged_tool{R"({"type":"web_search_20260318","name":"web_search"})", uncacheable_reason::none},
                      judged_tool{R"({"type":"web_fetch_20260318","name":"web_fetch"})", uncacheable_reason::none},
                      judged_tool{R"({"type":"tool_search_tool_bm25_20251119"})", uncacheable_reason::none},
                      judged_tool{R"({"type":"advisor_20260301"})", uncacheable_reason::none},
                      judged_tool{R"({"type":"code_execution_20260521"})", uncacheable_reason::server_state},
                      judged_tool{R"({"type":"mcp_toolset","mcp_server_name":"x"})",
                                  uncacheable_reason::upstream_effect},
                      judged_tool{R"({"type":"never_heard_of_20300101"})", uncacheable_reason::upstream_effect},
                      judged_tool{R"({"type":1})", uncacheable_reason::upstream_effect}));

TEST(messages_request, tells_model_and_form) {
  auto parsed = testing::parsed_of(anthropic_messages, request());
  EXPECT_EQ(parsed.model, "claude-sonnet-5-5");
  EXPECT_EQ(parsed.form, wire_form::plain);
  EXPECT_FALSE(parsed.wants_usage);
  parsed = testing::parsed_of(anthropic_messages, request(R"(,"stream":true)"));
  EXPECT_EQ(parsed.form, wire_form::stream);
  EXPECT_TRUE(parsed.wants_usage) << "streams always report it";
}

TEST(messages_request, query_is_the_last_text_of_the_user_whatever_tools_answered) {
  const auto parsed = testing::parsed_of(
      anthropic_messages,
      R"({"model":"m","messages":[{"role":"user","content":"one"},{"role":"assistant","content":"two"},
          {"role":"user","content":[{"type":"text","text":"What is"},{"type":"image"},{"type":"text","text":"this?"}]},
          {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"n","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"14 °C"}]}]})");
  EXPECT_EQ(parsed.query, "What is this?");
}

TEST(messages_request, denylist_alone_is_not_keyed) {
  const auto bare = testing::parsed_of(anthropic_messages, request());
  for (const auto& [name, why] : anthropic_messages_denylist()) {
    EXPECT_FALSE(why.empty());
    const std::string value = name == "stream" ? "true" : name == "service_tier" ? R"("auto")" : "{}";
    const auto parsed = testing::parsed_of(anthropic_messages, request(",\"" + std::string{name} + "\":" + value));
    EXPECT_EQ(parsed.why_not, uncacheable_reason::none) << name;
    EXPECT_EQ(parsed.content, bare.content) << name;
    EXPECT_EQ(parsed.fields, bare.fields) << name;
  }
  for (const auto* const more :
       {R"(,"temperature":0)", R"(,"system":"x")", R"(,"thinking":{"type":"adaptive"})", R"(,"speed":"fast")",
        R"(,"cache_control":{"type":"ephemeral"})", R"(,"inference_geo":"eu")", R"(,"user":"x")", R"(,"cache":true)",
        R"(,"never_heard_of":null)"}) {
    EXPECT_NE(testing::parsed_of(anthropic_messages, request(more)).content, bare.content) << more;
  }
}

TEST(messages_request, end_user_has_a_digest_of_its_own) {
  const auto user_of = [](std::string_view metadata) {
    return testing::parsed_of(anthropic_messages, request(",\"metadata\":" + std::string{metadata})).user;
  };
  EXPECT_TRUE(user_of(R"({"user_id":"a"})"));
  EXPECT_NE(user_of(R"({"user_id":"a"})"), user_of(R"({"user_id":"b"})"));
  for (const auto* const none : {"{}", "null", "1", R"({"user_id":null})"}) EXPECT_FALSE(user_of(none)) << none;
}

TEST(messages_request, litellm_directives_are_read_and_cut) {
  const auto body = request(R"(,"cache":{"ttl":300},"stream":true)");
  const auto parsed = testing::parsed_of(anthropic_messages, body);
  EXPECT_EQ(parsed.directives.ttl, std::chrono::seconds{300});
  for (const bool ask_usage : {false, true}) {
    EXPECT_EQ(anthropic_messages.forward_body(body, parsed, ask_usage), request(R"(,"stream":true)"));
    EXPECT_EQ(anthropic_count_tokens.forward_body(body, parsed, ask_usage), request(R"(,"stream":true)"));
  }
}

TEST(count_request, keys_all_that_is_counted_and_is_always_plain) {
  const auto bare = testing::parsed_of(anthropic_count_tokens, request());
  EXPECT_EQ(bare.why_not, uncacheable_reason::none);
  EXPECT_EQ(bare.query, "hi");
  EXPECT_EQ(testing::parsed_of(anthropic_count_tokens, request(R"(,"cache":{})")).content, bare.content);
  for (const auto* const more : {R"(,"stream":true)", R"(,"metadata":{})", R"(,"system":"x")", R"(,"cache":1)"}) {
    const auto parsed = testing::parsed_of(anthropic_count_tokens, request(more));
    EXPECT_NE(parsed.content, bare.content) << more;
    EXPECT_EQ(parsed.form, wire_form::plain) << more;
  }
}

TEST(count_request, of_what_lies_with_the_provider_is_not_cached) {
  EXPECT_EQ(
      testing::parsed_of(anthropic_count_tokens, saying(R"([{"type":"image","source":{"file_id":"f"}}])")).why_not,
      uncacheable_reason::server_state);
  EXPECT_EQ(testing::parsed_of(anthropic_count_tokens, R"({"messages":[]})").why_not,
            uncacheable_reason::malformed_body);
}

}  // namespace
}  // namespace refrain::provider
