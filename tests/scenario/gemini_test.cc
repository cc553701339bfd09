#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "support/chat_reading.h"
#include "support/gateway.h"

namespace refrain::tests {
namespace {

namespace json = boost::json;

/// The fake provider as `gemini`, with a key to lend.
void add_gemini(config::settings& to) {
  auto url = to.upstreams["openai"].base_url;
  url.resize(url.size() - std::string_view{"/v1"}.size());
  to.upstreams["gemini"] = {.base_url = url, .dialect = "gemini", .api_key = base::secret{"AIza-lent"}};
}

const std::string model = "/gemini/v1beta/models/gemini-2.5-flash:";
const std::string forms[]{model + "generateContent", model + "streamGenerateContent?alt=sse",
                          model + "streamGenerateContent"};

std::string asking(std::string_view text, std::string_view more = "") {
  return R"({"contents":[{"role":"user","parts":[{"text":")" + std::string(text) + R"("}]}])" + std::string(more) + "}";
}

header_list with_key(const std::string& key) { return {{"x-goog-api-key", key}}; }

/// The chunks of an answer in whatever form.
json::array chunks_of(const http_answer& got) {
  if (got.header("content-type") == "text/event-stream") {
    json::array chunks;
    for (const auto& event : events_of(got.body)) chunks.push_back(json::parse(event));
    return chunks;
  }
  const auto body = json::parse(got.body);
  return body.is_array() ? body.as_array() : json::array{body};
}

/// All that an answer says, its id and what it counts, however it is cut.
std::string said(const http_answer& got) {
  std::string text;
  for (const auto& chunk : chunks_of(got)) {
    const auto* const parts = chunk.at_pointer("/candidates/0/content").as_object().if_contains("parts");
    if (parts == nullptr) continue;
    for (const auto& part : parts->as_array()) {
      const auto* const spoken = part.as_object().if_contains("text");
      text += spoken != nullptr ? std::string(spoken->as_string()) : json::serialize(part);
    }
  }
  const auto last = chunks_of(got).back();
  return text + json::serialize(last.at("responseId")) + json::serialize(last.at("usageMetadata")) +
         json::serialize(last.at_pointer("/candidates/0/finishReason"));
}

TEST(gemini, serves_every_form_from_whichever_was_recorded) {
  for (const auto& recorded_form : forms) {
    gateway at_work{{.configure = add_gemini}};
    auto client = at_work.client();
    const auto recorded = client.post(recorded_form, asking("hello"), with_key("AIza-1"));
    ASSERT_EQ(recorded.outcome(), "MISS") << recorded.body;
    for (const auto& form : forms) {
      const auto got = client.post(form, asking("hello"), with_key("AIza-1"));
      ASSERT_EQ(got.outcome(), "HIT") << form << got.header("cache-status");
      EXPECT_EQ(said(got), said(recorded)) << recorded_form << "\n" << form;
      const bool events = form.ends_with("sse");
      EXPECT_EQ(got.header("content-type"), events ? "text/event-stream" : "application/json; charset=UTF-8");
      EXPECT_EQ(got.body.starts_with('['), !events && form.contains("stream"));
      if (form == recorded_form) EXPECT_EQ(got.body, recorded.body);
      EXPECT_GT(got.header("x-refrain-saved-usd"), "0.000000") << "whichever form counts the tokens";
    }
    EXPECT_TRUE(proves(recorded.body, asking("hello", R"(,"model":"gemini-2.5-flash")")));
    EXPECT_EQ(at_work.calls(), 1);
  }
}

TEST(gemini, both_steps_of_a_tool_loop_hit_in_any_form) {
  gateway at_work{{.configure = add_gemini}};
  auto client = at_work.client();
  const std::string tools = R"(,"tools":[{"functionDeclarations":[{"name":"look"}]}])";
  for (const auto& form : forms) {
    const auto first = client.post(form, asking("weather", tools));
    const auto call = chunks_of(first).front().at_pointer("/candidates/0/content/parts/0");
    const auto next = R"({"contents":[{"role":"model","parts":[)" + json::serialize(call) +
                      R"(]},{"role":"user","parts":[{"functionResponse":{"name":"look","response":{}}}]}])" + tools +
                      "}";
    EXPECT_EQ(client.post(form, next).outcome(), form == forms[0] ? "MISS" : "HIT") << form;
  }
  EXPECT_EQ(at_work.calls(), 2);
}

TEST(gemini, a_key_in_the_query_is_the_same_account_as_in_the_header) {
  gateway at_work{{.configure = add_gemini}};
  auto client = at_work.client();
  const auto by_header = client.post(forms[0], asking("hello"), with_key("AIza-1"));
  const auto by_query = client.post(forms[0] + "?key=AIza-1", asking("hello"));
  const auto in_stream = client.post(forms[1] + "&key=AIza%2D1", asking("hello"));
  const auto by_bearer = client.post(forms[0], asking("hello"), {{"Authorization", "Bearer AIza-1"}});
  EXPECT_FALSE(by_header.header("x-refrain-key").empty());
  for (const auto* const one : {&by_query, &in_stream, &by_bearer}) {
    EXPECT_EQ(one->outcome(), "HIT");
    EXPECT_EQ(one->header("x-refrain-key"), by_header.header("x-refrain-key"));
  }
  EXPECT_EQ(client.post(forms[0] + "?key=AIza-2", asking("hello")).outcome(), "MISS");
  EXPECT_EQ(client.post(forms[0], asking("hello")).outcome(), "MISS") << "the lent key is an account of its own";
  EXPECT_EQ(client.post(forms[0] + "?key=AIza-1&key=AIza-2", asking("hello")).outcome(), "MISS");
  EXPECT_EQ(at_work.calls(), 4);
  for (const auto& one : at_work.entries()) {
    EXPECT_FALSE(json::serialize(json::string(one.tenant_label)).contains("AIza"));
    for (const auto& field : one.fields) EXPECT_FALSE(field.name.contains("key")) << field.name;
  }
}

TEST(gemini, a_key_of_the_clients_own_goes_upstream_to_the_letter_and_a_lent_one_takes_the_place_of_all_others) {
  gateway at_work{{.configure = [](auto& to) {
    add_gemini(to);
    to.clients["anna"] = {.key = base::secret{"key-of-anna"}};
  }}};
  auto client = at_work.client();
  client.post(forms[1] + "&key=AIza-1&x=1", asking("own"));
  EXPECT_TRUE(at_work.last_request().target.ends_with("?alt=sse&key=AIza-1&x=1")) << at_work.last_request().target;
  EXPECT_FALSE(at_work.last_request().has("x-goog-api-key"));
  for (const std::string key : {"DUMMY_KEY", "key-of-anna", ""}) {
    client.post(forms[1] + "&key=" + key, asking("lent to " + key));
    EXPECT_TRUE(at_work.last_request().target.ends_with("?alt=sse")) << at_work.last_request().target;
    EXPECT_EQ(at_work.last_request().header("x-goog-api-key"), "AIza-lent");
  }
  const auto listed = client.get("/gemini/v1beta/models?key=key-of-anna&pageSize=5");
  EXPECT_EQ(listed.outcome(), "BYPASS");
  EXPECT_TRUE(at_work.last_request().target.ends_with("/models?pageSize=5")) << at_work.last_request().target;
}

struct bad_answer {
  std::string_view name;
  std::size_t form;
  header_list controls;
};

class bad_gemini_answers : public testing::TestWithParam<bad_answer> {};

TEST_P(bad_gemini_answers, are_not_stored) {
  const auto& [name, form, controls] = GetParam();
  gateway at_work{{.configure = add_gemini}};
  EXPECT_EQ(at_work.client().post(forms[form], asking("hello"), controls).outcome(), "MISS");
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fills() == 0; }));
  EXPECT_TRUE(at_work.entries().empty());
  EXPECT_EQ(at_work.client().post(forms[form], asking("hello")).outcome(), "MISS");
}

INSTANTIATE_TEST_SUITE_P(each, bad_gemini_answers,
                         testing::Values(bad_answer{"truncated_plain", 0, {{"x-mock-truncate", "60"}}},
                                         bad_answer{"truncated_stream", 1, {{"x-mock-truncate", "600"}}},
                                         bad_answer{"truncated_array", 2, {{"x-mock-truncate", "600"}}},
                                         bad_answer{"stream_without_an_end", 1, {{"x-mock-no-done", "1"}}},
                                         bad_answer{"array_without_an_end", 2, {{"x-mock-no-done", "1"}}},
                                         bad_answer{"error_in_the_stream", 1, {{"x-mock-error-event", "2"}}},
                                         bad_answer{"error_in_the_array", 2, {{"x-mock-error-event", "2"}}},
                                         bad_answer{"blocked_for_safety", 0, {{"x-mock-finish", "SAFETY"}}},
                                         bad_answer{"overloaded", 1, {{"x-mock-status", "503"}}}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(gemini, cached_contents_pass_through) {
  gateway at_work{{.configure = add_gemini}};
  auto client = at_work.client();
  for (int i = 0; i < 2; ++i) {
    const auto got = client.post(forms[0], asking("hello", R"(,"cachedContent":"cachedContents/1")"));
    EXPECT_EQ(got.outcome(), "BYPASS");
    EXPECT_TRUE(got.header("cache-status").contains("server-state")) << got.header("cache-status");
  }
  EXPECT_EQ(at_work.calls(), 2);
}

TEST(gemini, refusals_of_the_gateway_have_googles_shape) {
  gateway at_work{{.configure = add_gemini}};
  const auto got = at_work.client().post(forms[0], asking("hello"), {{"Cache-Control", "only-if-cached"}});
  EXPECT_EQ(got.status, 504);
  EXPECT_EQ(json::parse(got.body).at_pointer("/error/status"), "DEADLINE_EXCEEDED");
}

TEST(gemini, embeds_each_content_once_alone_or_in_a_batch) {
  gateway at_work{{.configure = add_gemini}};
  auto client = at_work.client();
  const std::string path = "/gemini/v1beta/models/gemini-embedding-001:";
  const auto item = [](const std::string& text) { return R"({"content":{"parts":[{"text":")" + text + R"("}]}})"; };
  const auto alone = client.post(path + "embedContent", item("a"));
  EXPECT_EQ(alone.outcome(), "MISS");
  const auto batch = client.post(path + "batchEmbedContents", R"({"requests":[)" + item("b") + "," + item("a") + "]}");
  EXPECT_EQ(batch.status, 200) << batch.body;
  EXPECT_EQ(at_work.last_request().body, R"({"requests":[)" + item("b") + "]}");
  const auto vectors = json::parse(batch.body).at("embeddings");
  EXPECT_EQ(vectors.at(1), json::parse(alone.body).at("embedding"));
  EXPECT_NE(vectors.at(0), vectors.at(1));
  const auto again = client.post(path + "embedContent?key=", item("b"));
  EXPECT_EQ(again.outcome(), "HIT");
  EXPECT_EQ(json::parse(again.body).at("embedding"), vectors.at(0));
  EXPECT_EQ(at_work.calls(), 2);
}

TEST(gemini, counts_tokens_once) {
  gateway at_work{{.configure = add_gemini}};
  auto client = at_work.client();
  const auto first = client.post(model + "countTokens", asking("hello"));
  const auto again = client.post(model + "countTokens", asking("hello"));
  EXPECT_EQ(first.outcome(), "MISS");
  EXPECT_EQ(again.outcome(), "HIT");
  EXPECT_EQ(again.body, first.body);
}

}  // namespace
}  // namespace refrain::tests
