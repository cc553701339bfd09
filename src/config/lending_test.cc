#include "support/config/load_fixture.h"

namespace refrain::config {
namespace {

class lending : public load_fixture {
 protected:
  /// Where OpenAI is, given this base URL by the client's variable.
  std::string openai_at(const std::string& base_url) {
    set("OPENAI_BASE_URL", base_url);
    return values().upstreams.at("openai").base_url;
  }
};

constexpr std::string_view real = "https://api.openai.com/v1";

TEST_F(lending, the_clients_own_variable_is_ignored_where_it_points_at_refrain) {
  for (const auto* const own : {"http://localhost:7337/v1", "http://127.0.0.1:7337/v1", "http://[::1]:7337/v1",
                                "http://127.9.9.9:7337", "http://0.0.0.0:7337/v1"}) {
    EXPECT_EQ(openai_at(own), real) << own;
    EXPECT_EQ(must_load().warnings.size(), 1u);
  }
  for (const std::string other : {"http://localhost:11434/v1", "https://api.example.com:7337/v1"}) {
    EXPECT_EQ(openai_at(other), other);
    EXPECT_TRUE(must_load().warnings.empty());
  }
}

TEST_F(lending, one_warning_names_every_variable_that_is_ignored) {
  dot_env("OPENAI_API_BASE=http://localhost:7337/v1\n");
  set("OPENAI_BASE_URL", "http://localhost:7337/v1");
  EXPECT_EQ(
      must_load().warnings,
      std::vector<std::string>{"OPENAI_API_BASE in .env, OPENAI_BASE_URL in the environment point at Refrain itself: "
                               "that is the setting of its clients, and is ignored here"});
  EXPECT_EQ(shown("upstream.openai.base_url").origin, "default");
}

TEST_F(lending, the_ignored_variable_leaves_the_weaker_source_standing) {
  toml("[upstream.openai]\nbase_url = \"https://proxy.example/v1\"\n");
  EXPECT_EQ(openai_at("http://localhost:7337/v1"), "https://proxy.example/v1");
}

TEST_F(lending, own_is_the_port_that_is_listened_on_and_the_usual_one) {
  flag("server.listen", "127.0.0.1:9000");
  EXPECT_EQ(openai_at("http://localhost:9000/v1"), real);
  EXPECT_EQ(openai_at("http://localhost:7337/v1"), real);
  EXPECT_EQ(openai_at("http://localhost:9001/v1"), "http://localhost:9001/v1");
  flag("server.listen", "127.0.0.1:0");
  EXPECT_EQ(openai_at("http://localhost:7337/v1"), real);
  EXPECT_EQ(openai_at("http://localhost:9000/v1"), "http://localhost:9000/v1");
}

TEST_F(lending, own_is_also_the_host_that_is_listened_on_and_those_that_are_allowed) {
  flag("server.listen", "10.0.0.5:7337");
  flag("server.hosts", "Refrain.internal");
  EXPECT_EQ(openai_at("http://10.0.0.5:7337/v1"), real);
  EXPECT_EQ(openai_at("http://refrain.internal:7337/v1"), real);
  EXPECT_EQ(openai_at("http://10.0.0.6:7337/v1"), "http://10.0.0.6:7337/v1");
}

TEST_F(lending, a_setting_of_our_own_must_not_point_at_refrain) {
  toml("[upstream.openai]\nbase_url = \"http://localhost:7337/v1\"\n");
  EXPECT_EQ(complaint(),
            "upstream.openai.base_url in refrain.toml line 2 is this gateway's own address, 127.0.0.1:7337: give the "
            "provider's");
  flag("server.listen", "127.0.0.1:9000");
  EXPECT_EQ(values().upstreams.at("openai").base_url, "http://localhost:7337/v1");
}

TEST_F(lending, a_key_is_withheld_from_an_address_that_only_the_dot_env_names) {
  dot_env("OPENAI_BASE_URL=https://elsewhere.example/v1\n");
  set("OPENAI_API_KEY", "sk-from-the-shell-1234");
  const auto done = must_load();
  EXPECT_TRUE(done.values.upstreams.at("openai").key_withheld);
  EXPECT_EQ(
      done.warnings,
      std::vector<std::string>{
          "the key of upstream openai (OPENAI_API_KEY in the environment) is not lent to "
          "https://elsewhere.example/v1, because only OPENAI_BASE_URL in .env names that address: put the key there "
          "too, or the address where the key is"});
}

TEST_F(lending, a_key_in_a_file_that_the_dot_env_names_is_withheld_too) {
  write("key", "sk-some-file-of-the-user");
  dot_env("OPENAI_BASE_URL=https://elsewhere.example/v1\nOPENAI_API_KEY_FILE=key\n");
  EXPECT_TRUE(values().upstreams.at("openai").key_withheld);
}

TEST_F(lending, a_key_is_lent_where_its_address_is_trusted_as_much) {
  dot_env("OPENAI_BASE_URL=https://elsewhere.example/v1\nOPENAI_API_KEY=sk-1\n");
  EXPECT_FALSE(values().upstreams.at("openai").key_withheld);
  dot_env("OPENAI_API_KEY=sk-1\n");
  set("OPENAI_BASE_URL", "https://elsewhere.example/v1");
  EXPECT_FALSE(values().upstreams.at("openai").key_withheld);
  dot_env("OPENAI_BASE_URL=https://elsewhere.example/v1\n");
  set("OPENAI_BASE_URL", "https://mine.example/v1");
  set("OPENAI_API_KEY", "sk-1");
  EXPECT_FALSE(values().upstreams.at("openai").key_withheld);
}

}  // namespace
}  // namespace refrain::config
