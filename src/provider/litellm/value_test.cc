#include "provider/litellm/value.h"

#include <gtest/gtest.h>

#include "provider/families/openai.h"
#include "provider/json/json_text.h"
#include "provider/litellm/python_repr.h"
#include "support/provider/litellm.h"
#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

// As LiteLLM 1.106 writes what a provider has answered.
constexpr std::string_view response =
    R"({"id":"chatcmpl-1","created":1700000000,"model":"gpt-4o-mini-2024-07-18","object":"chat.completion",)"
    R"("system_fingerprint":"fp_1","choices":[{"finish_reason":"stop","index":0,"message":{"content":"It's \"so\" é\n",)"
    R"("role":"assistant","tool_calls":null,"function_call":null,"provider_specific_fields":{"refusal":null},)"
    R"("annotations":[]},"provider_specific_fields":{"stop_reason":7}}],"usage":{"completion_tokens":3,)"
    R"("prompt_tokens":5,"total_tokens":8,"completion_tokens_details":{"reasoning_tokens":0,"text_tokens":null},)"
    R"("prompt_tokens_details":null},"moderation":null,"service_tier":"default"})";
constexpr std::string_view restored =
    R"({"id":"chatcmpl-1","created":1700000000,"model":"gpt-4o-mini-2024-07-18","object":"chat.completion",)"
    R"("system_fingerprint":"fp_1","choices":[{"finish_reason":"stop","index":0,"message":{"content":"It's \"so\" é\n",)"
    R"("role":"assistant","annotations":[],"refusal":null},"stop_reason":7}],"usage":{"completion_tokens":3,)"
    R"("prompt_tokens":5,"total_tokens":8,"completion_tokens_details":{"reasoning_tokens":0}},"service_tier":"default"})";

std::string as_json(std::string_view text) {
  return R"({"timestamp": 1763800000.7, "response": ")" + json_of_text(text) + R"("})";
}

std::string as_python(std::string_view json) {
  std::string out;
  EXPECT_TRUE(append_python_repr(out, json_tree::parse(json).value()));
  return out;
}

std::string body_of(std::string_view value) {
  const auto read = read_litellm_value(value);
  return read ? read->body : "none";
}

TEST(litellm_values, of_all_forms_give_the_same_answer) {
  const auto object = R"({"timestamp": 1763800000.7, "response": )" + std::string{response} + "}";
  EXPECT_EQ(body_of(as_json(response)), restored);
  EXPECT_EQ(body_of(as_python(as_json(response))), restored);
  EXPECT_EQ(body_of(object), restored);
  EXPECT_EQ(body_of(as_python(object)), restored);
  EXPECT_EQ(body_of(as_json(as_python(response))), restored);
}

TEST(litellm_values, literal_by_hand_is_read) {
  EXPECT_EQ(body_of(R"({'timestamp': 1763800000.7, 'response': '{"id":"c","object":"chat.completion","choices":)"
                    R"([{"finish_reason":"stop","index":0,"message":{"content":"Hel\'lo \\"you\\" 😀\\n",)"
                    R"("role":"assistant"}}]}'})"),
            R"({"id":"c","object":"chat.completion","choices":[{"finish_reason":"stop","index":0,)"
            R"("message":{"content":"Hel'lo \"you\" 😀\n","role":"assistant"}}]})");
}

TEST(litellm_values, say_when_they_were_kept) {
  const auto kept = [](std::string_view stamp) {
    const auto value = R"({"timestamp": )" + std::string{stamp} + R"(, "response": )" + std::string{response} + "}";
    return read_litellm_value(value).value().kept_at;
  };
  EXPECT_EQ(kept("1763800000.7"), base::sys_seconds{std::chrono::seconds{1763800000}});
  EXPECT_EQ(kept("5"), base::sys_seconds{std::chrono::seconds{5}});
  for (const auto* const none : {"null", "\"now\"", "-1", "1e300", "{}"}) EXPECT_EQ(kept(none), std::nullopt) << none;
}

TEST(litellm_values, what_a_model_refused_to_say_comes_back_to_its_place) {
  const auto body = body_of(
      as_json(R"({"object":"chat.completion","choices":[{"finish_reason":"stop","index":0,"message":{"content":null,)"
              R"("role":"assistant","provider_specific_fields":{"refusal":"I can't."}}}]})"));
  EXPECT_TRUE(body.contains(R"("message":{"content":null,"role":"assistant","refusal":"I can't."})")) << body;
}

TEST(litellm_values, tool_calls_stay_to_the_letter) {
  constexpr std::string_view calls =
      R"("tool_calls":[{"function":{"arguments":"{\"city\": \"Paris\", \"n\": 1.50}","name":"f"},"id":"call_1","type":"function"}])";
  const auto body = body_of(as_python(as_json(R"({"object":"chat.completion","choices":[{"finish_reason":"tool_calls",)"
                                              R"("index":0,"message":{"content":null,"role":"assistant",)" +
                                              std::string{calls} + "}}]}")));
  EXPECT_TRUE(body.contains(calls)) << body;
}

TEST(litellm_values, that_are_no_chat_completions_are_none) {
  for (const std::string& value :
       {std::string{}, std::string{"8"}, std::string{"[]"}, std::string{"{}"}, std::string{"\xff\xfe"}, as_json("8"),
        as_json("[]"), as_json("{}"), as_json(R"({"object":"list","data":[]})"),
        as_json(R"({"object":"text_completion","choices":[]})"),
        std::string{R"({"timestamp": 1.0, "response": {"embedding": [0.1], "object": "embedding"}})"},
        std::string{response}}) {
    EXPECT_EQ(body_of(value), "none") << value;
  }
}

TEST(litellm_values, cut_anywhere_are_none) {
  for (const auto& value : {as_json(response), as_python(as_json(response))}) {
    for (std::size_t size = 0; size < value.size(); ++size) {
      ASSERT_FALSE(read_litellm_value(std::string_view{value}.substr(0, size)).has_value()) << size;
    }
  }
}

TEST(litellm_values, of_real_entries_are_whole_answers) {
  const auto samples = testing::litellm_samples();
  if (samples.empty()) GTEST_SKIP() << "no entries of a real LiteLLM are here: REFRAIN_TEST_DATA says where they are";
  for (const auto& one : samples) {
    const auto read = read_litellm_value(one.value);
    ASSERT_TRUE(read.has_value()) << one.name;
    EXPECT_TRUE(read->kept_at.has_value());
    const auto judged = testing::read_at_once(openai_chat, wire_form::plain, read->body);
    EXPECT_EQ(judged.why_not, uncacheable_reason::none) << one.name;
    EXPECT_EQ(judged.usage.input, 127U);
    EXPECT_FALSE(read->body.contains("provider_specific_fields")) << read->body;
  }
}

std::string embedding_of(std::string_view value) {
  const auto read = read_litellm_embedding(value, "asked");
  return read ? read->body : "none";
}

TEST(litellm_embeddings, of_all_forms_give_the_answer_for_one) {
  constexpr std::string_view item = R"({"embedding":[0.10,-2e-3],"index":4,"object":"embedding","model":"m",)"
                                    R"("prompt_tokens":8,"prompt_tokens_details":null,"format_version":2})";
  constexpr std::string_view wanted = R"({"object":"list","data":[{"object":"embedding","embedding":[0.10,-2e-3]}],)"
                                      R"("model":"m","usage":{"prompt_tokens":8,"total_tokens":8}})";
  EXPECT_EQ(embedding_of(R"({"timestamp": 1763800000.7, "response": )" + std::string{item} + "}"), wanted);
  EXPECT_EQ(embedding_of(as_json(item)), wanted);
  constexpr std::string_view whole =
      R"({"model":"m","data":[{"embedding":[0.10,-2e-3],"index":0,"object":"embedding"}],"object":"list",)"
      R"("usage":{"completion_tokens":0,"prompt_tokens":8,"total_tokens":8}})";
  EXPECT_EQ(embedding_of(as_json(whole)), wanted);
  EXPECT_EQ(embedding_of(as_json(R"({"embedding":"AACAPw==","index":0,"object":"embedding"})")),
            R"({"object":"list","data":[{"object":"embedding","embedding":"AACAPw=="}],"model":"asked"})");
  EXPECT_EQ(read_litellm_embedding(as_json(item), "m")->kept_at, base::sys_seconds{std::chrono::seconds{1763800000}});
}

TEST(litellm_embeddings, of_real_entries_are_good_answers) {
  const auto samples = testing::litellm_samples("/embeddings");
  if (samples.empty()) GTEST_SKIP() << "no entries of a real LiteLLM are here: REFRAIN_TEST_DATA says where they are";
  for (const auto& one : samples) {
    EXPECT_TRUE(is_good_answer(openai_embeddings, wire_form::plain, embedding_of(one.value))) << one.name;
  }
}

TEST(litellm_embeddings, are_nothing_else) {
  for (const auto* const other :
       {R"({"object":"list","data":[{"embedding":[1]},{"embedding":[2]}]})", R"({"object":"list","data":[]})",
        R"({"object":"chat.completion","choices":[]})", R"({"object":"embedding"})", "[1]", "7"}) {
    EXPECT_EQ(embedding_of(as_json(other)), "none") << other;
  }
  EXPECT_EQ(embedding_of("8"), "none");
  EXPECT_EQ(body_of(as_json(R"({"embedding":[1],"object":"embedding"})")), "none");
}

}  // namespace
}  // namespace refrain::provider
