#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>
#include <string>

#include "support/chat_reading.h"
#include "support/gateway.h"

namespace refrain::tests {
namespace {

namespace json = boost::json;

/// The fake provider as `ollama`, which asks nobody for a key.
void add_ollama(config::settings& to) {
  auto url = to.upstreams["openai"].base_url;
  url.resize(url.size() - std::string_view{"/v1"}.size());
  to.upstreams["ollama"] = {.base_url = url, .dialect = "ollama", .api_key = {}};
}

struct endpoint_case {
  std::string_view name;
  std::string_view path;
  std::string_view question;  ///< members of the body
  std::string_view text;      ///< where an answer holds its text
};

std::string asking(const endpoint_case& one, std::string_view more = "") {
  return R"({"model":"llama3.2",)" + std::string(one.question) + std::string(more) + "}";
}

constexpr endpoint_case chat_case{"chat", "/ollama/api/chat", R"("messages":[{"role":"user","content":"hello"}])",
                                  "/message/content"};
constexpr endpoint_case generate_case{"generate", "/ollama/api/generate", R"("prompt":"hello")", "/response"};
constexpr std::string_view declined = R"(,"stream":false)";

json::array objects_of(const http_answer& got) {
  json::array all;
  std::istringstream lines(got.body);
  for (std::string line; std::getline(lines, line);) all.push_back(json::parse(line));
  return all;
}

std::string said(const http_answer& got, std::string_view pointer) {
  std::string text;
  for (const auto& one : objects_of(got)) text += one.at_pointer(pointer).as_string();
  return text;
}

class ollama_texts : public testing::TestWithParam<endpoint_case> {};

TEST_P(ollama_texts, serve_both_forms_from_one_entry) {
  const auto& one = GetParam();
  for (const bool lines_first : {false, true}) {
    gateway at_work{{.configure = add_ollama}};
    auto client = at_work.client();
    const auto recorded = client.post(one.path, asking(one, lines_first ? "" : declined));
    const auto turned = client.post(one.path, asking(one, lines_first ? declined : ""));
    const auto again = client.post(one.path, asking(one, lines_first ? "" : declined));
    EXPECT_EQ(recorded.outcome(), "MISS");
    ASSERT_EQ(turned.outcome(), "HIT") << turned.header("cache-status");
    EXPECT_EQ(again.body, recorded.body);
    EXPECT_EQ(said(turned, one.text), said(recorded, one.text));
    EXPECT_TRUE(proves(recorded.body, asking(one)));
    const auto last = objects_of(recorded).back();
    for (const auto* const name : {"done", "done_reason", "eval_count", "prompt_eval_count", "total_duration"}) {
      EXPECT_EQ(objects_of(turned).back().at(name), last.at(name)) << name;
    }
    EXPECT_EQ((lines_first ? recorded : turned).header("content-type"), "application/x-ndjson");
    EXPECT_EQ((lines_first ? turned : recorded).header("content-type"), "application/json; charset=utf-8");
    EXPECT_EQ(at_work.calls(), 1);
  }
}

INSTANTIATE_TEST_SUITE_P(each, ollama_texts, testing::Values(chat_case, generate_case),
                         [](const auto& one) { return std::string(one.param.name); });

struct bad_answer {
  std::string_view name;
  std::string_view more;
  header_list controls;
};

class bad_ollama_answers : public testing::TestWithParam<bad_answer> {};

TEST_P(bad_ollama_answers, are_not_stored) {
  const auto& [name, more, controls] = GetParam();
  gateway at_work{{.configure = add_ollama}};
  EXPECT_EQ(at_work.client().post(chat_case.path, asking(chat_case, more), controls).outcome(), "MISS");
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fills() == 0; }));
  EXPECT_TRUE(at_work.entries().empty());
  EXPECT_EQ(at_work.client().post(chat_case.path, asking(chat_case, more)).outcome(), "MISS");
}

INSTANTIATE_TEST_SUITE_P(each, bad_ollama_answers,
                         testing::Values(bad_answer{"truncated_lines", "", {{"x-mock-truncate", "500"}}},
                                         bad_answer{"truncated_plain", declined, {{"x-mock-truncate", "50"}}},
                                         bad_answer{"lines_without_an_end", "", {{"x-mock-no-done", "1"}}},
                                         bad_answer{"error_in_a_line", "", {{"x-mock-error-event", "2"}}},
                                         bad_answer{"unknown_reason", declined, {{"x-mock-finish", "unload"}}},
                                         bad_answer{"overloaded", "", {{"x-mock-status", "503"}}}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(ollama, loads_a_model_whenever_it_is_asked_to) {
  gateway at_work{{.configure = add_ollama}};
  auto client = at_work.client();
  for (int i = 0; i < 2; ++i) {
    const auto got = client.post("/ollama/api/chat", R"({"model":"m","messages":[],"keep_alive":0})");
    EXPECT_EQ(got.outcome(), "BYPASS");
    EXPECT_EQ(json::parse(got.body).at("done_reason"), "unload");
  }
  EXPECT_EQ(at_work.calls(), 2);
}

TEST(ollama, both_steps_of_a_tool_loop_hit) {
  gateway at_work{{.configure = add_ollama}};
  auto client = at_work.client();
  const std::string tools = R"(,"tools":[{"type":"function","function":{"name":"look"}}])";
  for (const auto form : {declined, std::string_view{}}) {
    const auto first = client.post(chat_case.path, asking(chat_case, tools + std::string(form)));
    const auto call = objects_of(first).front().at_pointer("/message/tool_calls/0");
    const auto next = R"({"model":"llama3.2","messages":[{"role":"assistant","content":"","tool_calls":[)" +
                      json::serialize(call) + R"(]},{"role":"tool","content":"fine"}])" + tools + std::string(form) +
                      "}";
    EXPECT_EQ(client.post(chat_case.path, next).outcome(), form.empty() ? "HIT" : "MISS");
  }
  EXPECT_EQ(at_work.calls(), 2);
}

TEST(ollama, two_keys_of_its_cloud_never_share) {
  gateway at_work{{.configure = add_ollama}};
  auto client = at_work.client();
  const auto ask = [&](const header_list& headers) {
    return client.post(chat_case.path, asking(chat_case), headers).outcome();
  };
  EXPECT_EQ(ask({}), "MISS");
  EXPECT_EQ(ask({{"Authorization", "Bearer one"}}), "MISS");
  EXPECT_EQ(ask({{"Authorization", "Bearer two"}}), "MISS");
  EXPECT_EQ(ask({{"Authorization", "Bearer one"}}), "HIT");
  EXPECT_EQ(ask({}), "HIT");
}

TEST(ollama, embeds_each_text_once) {
  gateway at_work{{.configure = add_ollama}};
  auto client = at_work.client();
  const std::string path = "/ollama/api/embed";
  const auto alone = client.post(path, R"({"model":"m","input":"a"})");
  const auto both = client.post(path, R"({"model":"m","input":["b","a"]})");
  EXPECT_EQ(at_work.last_request().body, R"({"model":"m","input":["b"]})");
  const auto vectors = json::parse(both.body).at("embeddings");
  EXPECT_EQ(vectors.at(1), json::parse(alone.body).at("embeddings").at(0));
  EXPECT_EQ(client.post(path, R"({"input":["b"],"model":"m","keep_alive":1})").outcome(), "HIT");
  EXPECT_EQ(at_work.calls(), 2);
  const auto old = client.post("/ollama/api/embeddings", R"({"model":"m","prompt":"a"})");
  EXPECT_EQ(json::parse(old.body).at("embedding"), vectors.at(1));
  EXPECT_EQ(client.post("/ollama/api/embeddings", R"({"model":"m","prompt":"a"})").outcome(), "HIT");
}

TEST(ollama, lists_pass_through) {
  gateway at_work{{.configure = add_ollama}};
  auto client = at_work.client();
  EXPECT_EQ(client.get("/ollama/api/tags").outcome(), "BYPASS");
  EXPECT_EQ(client.get("/ollama/api/version").body, R"({"version":"0.12.6"})");
}

}  // namespace
}  // namespace refrain::tests
