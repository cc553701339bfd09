#include "cli/child_environment.h"

#include <gtest/gtest.h>

#include <string_view>

namespace refrain::cli {
namespace {

class environment_of_a_child : public testing::Test {
 protected:
  environment_of_a_child() {
    const auto upstream = [this](std::string name, std::string url, std::string dialect) {
      settings.upstreams[name] = {.base_url = std::move(url), .dialect = std::move(dialect)};
    };
    upstream("openai", "https://api.openai.com/v1", "openai");
    upstream("anthropic", "https://api.anthropic.com", "anthropic");
    upstream("gemini", "https://generativelanguage.googleapis.com", "gemini");
    upstream("groq", "https://api.groq.com/openai/v1", "openai");
    upstream("my-llm", "http://10.0.0.1:8000/v1", "openai");
  }

  [[nodiscard]] variables added() const { return child_variables(settings, gateway, own); }
  /// What the child gets by that name; empty for nothing.
  [[nodiscard]] std::string value(const std::string& name) const {
    const auto all = added();
    const auto found = all.find(name);
    return found == all.end() ? "" : found->second;
  }
  void lend(const std::string& upstream) { settings.upstreams[upstream].api_key = base::secret{"a-key"}; }

  config::settings settings;
  base::url gateway{.scheme = "http", .host = "127.0.0.1", .port = 4711};
  variables own;
};

TEST_F(environment_of_a_child, leads_each_sdk_to_its_upstream_by_the_path_it_expects) {
  for (const auto& [name, url] : std::initializer_list<std::pair<std::string, std::string_view>>{
           {"OPENAI_BASE_URL", "http://127.0.0.1:4711/v1"},
           {"OPENAI_API_BASE", "http://127.0.0.1:4711/v1"},
           {"ANTHROPIC_BASE_URL", "http://127.0.0.1:4711/anthropic"},
           {"GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:4711/gemini"},
           {"GROQ_API_BASE", "http://127.0.0.1:4711/groq/v1"}}) {
    EXPECT_EQ(value(name), url) << name;
  }
}

TEST_F(environment_of_a_child, names_only_upstreams_that_are_configured) {
  EXPECT_EQ(value("ELEVENLABS_BASE_URL"), "");
  EXPECT_EQ(value("OLLAMA_HOST"), "");
}

TEST_F(environment_of_a_child, is_left_alone_where_nobody_reads_a_variable_the_same_way) {
  EXPECT_EQ(value("GROQ_BASE_URL"), "");
  EXPECT_EQ(value("GEMINI_API_BASE"), "");
}

TEST_F(environment_of_a_child, sends_openai_clients_to_the_default_upstream_that_speaks_it) {
  settings.server.default_upstream = "groq";
  EXPECT_EQ(value("OPENAI_BASE_URL"), "http://127.0.0.1:4711/v1");
  settings.server.default_upstream = "anthropic";
  EXPECT_EQ(value("OPENAI_BASE_URL"), "http://127.0.0.1:4711/openai/v1");
}

TEST_F(environment_of_a_child, takes_the_place_of_the_users_own_address) {
  own["OPENAI_BASE_URL"] = "https://proxy.example.com/v1/";
  EXPECT_EQ(value("OPENAI_BASE_URL"), "http://127.0.0.1:4711/v1");
  // What the program adds to this one has no /v1 before it, and must not get one.
  own["OPENAI_BASE_URL"] = "https://proxy.example.com/openai";
  EXPECT_EQ(value("OPENAI_BASE_URL"), "http://127.0.0.1:4711/openai");
  own["MY_LLM_API_BASE"] = "http://10.0.0.1:8000/v1";
  EXPECT_EQ(value("MY_LLM_API_BASE"), "http://127.0.0.1:4711/my-llm/v1");
  own["GROQ_BASE_URL"] = "https://api.groq.com";
  EXPECT_EQ(value("GROQ_BASE_URL"), "http://127.0.0.1:4711/groq");
}

TEST_F(environment_of_a_child, keeps_an_address_that_the_configuration_does_not_read) {
  own["GOOGLE_GEMINI_BASE_URL"] = "https://gemini.example.com";
  EXPECT_EQ(value("GOOGLE_GEMINI_BASE_URL"), "");
  own["GOOGLE_GEMINI_BASE_URL"] = "http://localhost:7337/gemini";
  EXPECT_EQ(value("GOOGLE_GEMINI_BASE_URL"), "http://127.0.0.1:4711/gemini") << "a gateway that may not even run";
}

TEST_F(environment_of_a_child, has_a_placeholder_only_where_a_key_can_be_lent_and_none_is_there) {
  EXPECT_EQ(value("OPENAI_API_KEY"), "") << "nothing to lend";
  lend("openai");
  EXPECT_EQ(value("OPENAI_API_KEY"), "sk-test");
  own["OPENAI_API_KEY"] = "";
  EXPECT_EQ(value("OPENAI_API_KEY"), "sk-test") << "an empty one is none";
  own["OPENAI_API_KEY"] = "the-users";
  EXPECT_EQ(value("OPENAI_API_KEY"), "");
}

TEST_F(environment_of_a_child, has_no_placeholder_for_a_key_that_is_withheld) {
  lend("openai");
  settings.upstreams["openai"].key_withheld = true;
  EXPECT_EQ(value("OPENAI_API_KEY"), "");
}

TEST_F(environment_of_a_child, counts_any_of_the_variables_that_an_sdk_takes_its_key_from) {
  lend("gemini");
  EXPECT_EQ(value("GEMINI_API_KEY"), "sk-test");
  own["GOOGLE_API_KEY"] = "the-users";
  EXPECT_EQ(value("GEMINI_API_KEY"), "");
}

TEST_F(environment_of_a_child, shows_a_placeholder_that_this_gateway_takes_for_one) {
  lend("openai");
  settings.server.placeholder_keys = {"nobody"};
  EXPECT_EQ(value("OPENAI_API_KEY"), "nobody");
  settings.server.placeholder_keys.clear();
  EXPECT_EQ(value("OPENAI_API_KEY"), "");
}

TEST_F(environment_of_a_child, reaches_the_gateway_without_a_proxy) {
  EXPECT_EQ(value("NO_PROXY"), "");
  own["HTTPS_PROXY"] = "http://proxy:3128";
  EXPECT_EQ(value("NO_PROXY"), "") << "the gateway is spoken to in plain HTTP";
  own["http_proxy"] = "http://proxy:3128";
  EXPECT_EQ(value("NO_PROXY"), "127.0.0.1");
  own["NO_PROXY"] = ".internal";
  EXPECT_EQ(value("no_proxy"), ".internal,127.0.0.1");
}

TEST_F(environment_of_a_child, says_https_where_the_gateway_speaks_it) {
  gateway.scheme = "https";
  EXPECT_EQ(value("OPENAI_BASE_URL"), "https://127.0.0.1:4711/v1");
}

}  // namespace
}  // namespace refrain::cli
