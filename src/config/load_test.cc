#include "config/load.h"

#include "support/config/load_fixture.h"

namespace refrain::config {
namespace {

using namespace std::chrono_literals;

class loading : public load_fixture {};

TEST_F(loading, nothing_gives_the_defaults) {
  const auto done = must_load();
  EXPECT_EQ(done.values.server.listen.to_string(), "127.0.0.1:7337");
  EXPECT_EQ(done.values.upstreams.at("openai").base_url, "https://api.openai.com/v1");
  EXPECT_TRUE(done.values.upstreams.at("openai").ask_usage);
  EXPECT_TRUE(done.values.store.url.empty());
  EXPECT_TRUE(done.warnings.empty());
  for (const auto& one : done.shown) {
    EXPECT_TRUE(one.origin.starts_with("default")) << one.key;
    EXPECT_EQ(one.from, source::built_in) << one.key;
  }
  EXPECT_EQ(shown("admin.token").origin, "default: made at the first start, kept in the state folder");
}

TEST_F(loading, later_sources_win) {
  EXPECT_EQ(shown("server.drain").value, "20 s");
  toml("[server]\ndrain = \"1 s\"\n");
  EXPECT_EQ(shown("server.drain").value, "1 s");
  EXPECT_EQ(shown("server.drain").origin, "refrain.toml line 2");
  dot_env("REFRAIN_SERVER_DRAIN=2s # soon\n");
  EXPECT_EQ(shown("server.drain").value, "2 s");
  EXPECT_EQ(shown("server.drain").origin, "REFRAIN_SERVER_DRAIN in .env");
  set("REFRAIN_SERVER_DRAIN", "3");
  EXPECT_EQ(shown("server.drain").value, "3 s");
  EXPECT_EQ(shown("server.drain").origin, "REFRAIN_SERVER_DRAIN in the environment");
  flag("server.drain", "4");
  EXPECT_EQ(shown("server.drain").value, "4 s");
  EXPECT_EQ(shown("server.drain").origin, "--server-drain");
  flag("server.drain", "5");
  EXPECT_EQ(values().server.drain, 5s);
}

TEST_F(loading, a_weaker_source_does_not_win_by_a_stronger_name) {
  dot_env("REFRAIN_CACHE_LEVEL=speed\n");
  set("DEFAULT_OPTIMIZATION_LEVEL", "quality");
  EXPECT_EQ(values().cache.level, optimization_level::quality);
  set("REFRAIN_CACHE_LEVEL", "balanced");
  EXPECT_EQ(values().cache.level, optimization_level::balanced);
}

TEST_F(loading, an_empty_variable_says_nothing) {
  toml("[server]\ndrain = \"1 s\"\n");
  set("REFRAIN_SERVER_DRAIN", "");
  EXPECT_EQ(values().server.drain, 1s);
}

TEST_F(loading, an_empty_variable_hides_that_of_the_dot_env) {
  dot_env("REDIS_URL=redis://elsewhere:6379\n");
  set("REDIS_URL", "");
  EXPECT_EQ(values().store.url, "");
}

TEST_F(loading, the_config_file_is_looked_for_in_order) {
  write(from.home / ".config/refrain/refrain.toml", "[server]\ndrain = 1\n");
  EXPECT_EQ(values().server.drain, 1s);
  set("XDG_CONFIG_HOME", (from.home / "xdg").string());
  EXPECT_EQ(values().server.drain, 20s);
  write(from.home / "xdg/refrain/refrain.toml", "[server]\ndrain = 2\n");
  EXPECT_EQ(values().server.drain, 2s);
  toml("[server]\ndrain = 3\n");
  EXPECT_EQ(values().server.drain, 3s);
  write("other.toml", "[server]\ndrain = 4\n");
  set("REFRAIN_CONFIG", "other.toml");
  EXPECT_EQ(values().server.drain, 4s);
  config_file = write("flag.toml", "[server]\ndrain = 5\n");
  EXPECT_EQ(values().server.drain, 5s);
}

TEST_F(loading, a_config_file_that_is_named_has_to_exist) {
  set("REFRAIN_CONFIG", "missing.toml");
  EXPECT_EQ(complaint(), "REFRAIN_CONFIG names missing.toml, which does not exist");
  config_file = "gone.toml";
  EXPECT_EQ(complaint(), "--config names gone.toml, which does not exist");
}

TEST_F(loading, a_dot_env_cannot_choose_the_config_file) {
  write("other.toml", "[server]\ndrain = 4\n");
  dot_env("REFRAIN_CONFIG=other.toml\n");
  EXPECT_EQ(values().server.drain, 20s);
  EXPECT_EQ(must_load().warnings,
            std::vector<std::string>{"REFRAIN_CONFIG in .env is ignored: give it in the environment, or --config"});
}

TEST_F(loading, a_dot_env_that_is_partly_unreadable_is_told) {
  dot_env("some words\nREFRAIN_SERVER_DRAIN=2\n");
  EXPECT_EQ(values().server.drain, 2s);
  EXPECT_EQ(must_load().warnings,
            std::vector<std::string>{".env line 1 is left out: it is no NAME=value, or its quote never ends"});
}

TEST_F(loading, a_folder_of_the_name_dot_env_is_none_of_ours) {
  std::filesystem::create_directories(from.working_directory / ".env");
  EXPECT_TRUE(must_load().warnings.empty());
}

TEST_F(loading, ttl_everywhere_gives_way_to_levels_of_their_own) {
  set("REDIS_TTL_SECONDS", "7200");
  toml("[cache]\nllm_ttl_speed = \"30 s\"\n");
  EXPECT_EQ(values().cache.llm_ttl, (ttl_table{7200s, 7200s, 7200s, 7200s, 30s}));
  EXPECT_EQ(values().cache.tts_ttl, default_tts_ttl);
  EXPECT_EQ(shown("cache.llm_ttl_balanced").origin, "REDIS_TTL_SECONDS in the environment");
  EXPECT_EQ(shown("cache.llm_ttl_balanced").value, "2 h");
  EXPECT_EQ(shown("cache.llm_ttl_speed").origin, "refrain.toml line 2");
}

TEST_F(loading, speech_levels_between_follow_their_neighbours) {
  set("TTS_CACHE_TTL_QUALITY", "100");
  set("TTS_CACHE_TTL_SPEED", "10");
  EXPECT_EQ(values().cache.tts_ttl, (ttl_table{100s, 100s, 900s, 10s, 10s}));
  set("TTS_CACHE_TTL_BALANCED_QUALITY", "90");
  set("TTS_CACHE_TTL_BALANCED", "50");
  set("TTS_CACHE_TTL_BALANCED_SPEED", "20");
  EXPECT_EQ(values().cache.tts_ttl, (ttl_table{100s, 90s, 50s, 20s, 10s}));
}

TEST_F(loading, fixed_variables_reach_their_settings) {
  const std::vector<std::array<std::string, 3>> cases{
      {"DEFAULT_OPTIMIZATION_LEVEL", "speed", "cache.level"},
      {"LLM_CACHE_TTL_QUALITY", "1 s", "cache.llm_ttl_quality"},
      {"LLM_CACHE_TTL_BALANCED_QUALITY", "2 s", "cache.llm_ttl_balanced_quality"},
      {"LLM_CACHE_TTL_BALANCED", "3 s", "cache.llm_ttl_balanced"},
      {"LLM_CACHE_TTL_BALANCED_SPEED", "4 s", "cache.llm_ttl_balanced_speed"},
      {"LLM_CACHE_TTL_SPEED", "5 s", "cache.llm_ttl_speed"},
      {"REDIS_TTL_SECONDS", "6 s", "cache.llm_ttl"},
      {"HTTPS_PROXY", "http://proxy:3128", "network.https_proxy"},
      {"https_proxy", "http://lower:3128", "network.https_proxy"},
      {"NO_PROXY", "a, b", "network.no_proxy"},
      {"OPENAI_BASE_URL", "https://eu.api.openai.com/v1", "upstream.openai.base_url"},
      {"ANTHROPIC_API_BASE", "https://a.example", "upstream.anthropic.base_url"},
      {"REDIS_URL", "redis://host:6379/1", "store.url"},
  };
  for (const auto& [variable, text, key] : cases) {
    from.variables = {{variable, text}};
    EXPECT_EQ(shown(key).value, text) << variable;
    EXPECT_EQ(shown(key).origin, variable + " in the environment");
  }
}

TEST_F(loading, lower_case_proxy_variables_win_as_in_other_programs) {
  set("HTTPS_PROXY", "http://upper:1");
  set("https_proxy", "lower:2");
  EXPECT_EQ(values().https_proxy, "http://lower:2");
}

TEST_F(loading, an_upstream_of_ones_own_reads_its_own_variables) {
  toml("[upstream.my-llm]\nbase_url = \"http://10.0.0.5:8000/v1/\"\n");
  set("MY_LLM_API_KEY", "sk-my-own-key-of-1");
  set("REFRAIN_UPSTREAM_OTHER_BASE_URL", "https://other.example");
  set("OTHER_API_KEY", "sk-other");
  const auto all = values().upstreams;
  EXPECT_EQ(all.at("my-llm").base_url, "http://10.0.0.5:8000/v1");
  EXPECT_EQ(all.at("my-llm").dialect, "openai");
  EXPECT_FALSE(all.at("my-llm").ask_usage);
  EXPECT_EQ(all.at("my-llm").api_key.reveal(), "sk-my-own-key-of-1");
  EXPECT_EQ(all.at("other").api_key.reveal(), "sk-other");
}

TEST_F(loading, usage_is_asked_of_openai_alone_unless_it_is_set) {
  const auto asks = [&](std::string_view name) { return values().upstreams.at(std::string{name}).ask_usage; };
  EXPECT_TRUE(asks("openai"));
  set("OPENAI_BASE_URL", "https://eu.api.openai.com/v1");
  EXPECT_TRUE(asks("openai"));
  for (const auto* const other :
       {"http://127.0.0.1:8000/v1", "https://api.openai.com.example/v1", "https://myapi.openai.com/v1"}) {
    set("OPENAI_BASE_URL", other);
    EXPECT_FALSE(asks("openai")) << other;
  }
  set("REFRAIN_UPSTREAM_OPENAI_ASK_USAGE", "true");
  EXPECT_TRUE(asks("openai"));
  set("OPENAI_BASE_URL", "https://api.openai.com/v1");
  set("REFRAIN_UPSTREAM_OPENAI_ASK_USAGE", "false");
  EXPECT_FALSE(asks("openai"));
}

TEST_F(loading, members_to_ignore_are_lists) {
  toml(
      "[cache]\nignore_members = [\"request_id\", \"sessionId\"]\n"
      "[upstream.openai]\nignore_members = [\"cache_salt\"]\n");
  const auto all = values();
  EXPECT_EQ(all.cache.ignore_members, (std::vector<std::string>{"request_id", "sessionId"}));
  EXPECT_EQ(all.upstreams.at("openai").ignore_members, std::vector<std::string>{"cache_salt"});
}

TEST_F(loading, clients_have_a_key_a_tenant_and_namespaces) {
  toml("[clients.web]\nkey = \"one\"\nnamespaces = [\"a\", \"b\"]\n[clients.batch]\nkey = \"two\"\ntenant = \"ops\"\n");
  const auto all = values().clients;
  EXPECT_EQ(all.at("web").tenant, "web");
  EXPECT_EQ(all.at("web").namespaces, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(all.at("batch").tenant, "ops");
  EXPECT_EQ(shown("clients.web.tenant").value, "web");
}

TEST_F(loading, the_admin_plane_may_be_off_or_elsewhere) {
  EXPECT_TRUE(values().admin.listen_is_default);
  set("REFRAIN_ADMIN_LISTEN", "off");
  EXPECT_FALSE(values().admin.enabled);
  EXPECT_EQ(shown("admin.listen").value, "off");
  set("REFRAIN_ADMIN_LISTEN", "[::1]:0");
  EXPECT_TRUE(values().admin.enabled);
  EXPECT_FALSE(values().admin.listen_is_default);
  EXPECT_EQ(shown("admin.listen").value, "[::1]:0");
}

TEST_F(loading, log_defaults_depend_on_the_terminal) {
  from.on_terminal = true;
  EXPECT_EQ(values().log.format, base::log_format::text);
  EXPECT_TRUE(values().log.queries);
  from.on_terminal = false;
  EXPECT_EQ(values().log.format, base::log_format::json);
  EXPECT_FALSE(values().log.queries);
  set("REFRAIN_LOG_FORMAT", "text");
  EXPECT_EQ(values().log.format, base::log_format::text);
}

TEST_F(loading, without_a_working_directory_reads_no_file_of_one) {
  toml("[server]\ndrain = 1\n");
  from.working_directory.clear();
  EXPECT_EQ(values().server.drain, 20s);
}

TEST(process_environment, is_this_process_s_own) {
  setenv("REFRAIN_TEST_OF_ENVIRONMENT", "a=b", 1);
  const auto own = process_environment();
  unsetenv("REFRAIN_TEST_OF_ENVIRONMENT");
  EXPECT_EQ(own.variables.at("REFRAIN_TEST_OF_ENVIRONMENT"), "a=b");
  EXPECT_EQ(own.working_directory, std::filesystem::current_path());
}

TEST_F(loading, a_redis_waits_by_itself_or_as_long_as_is_said) {
  EXPECT_EQ(values().redis.deadline, std::nullopt);
  EXPECT_EQ(values().redis.connections, 4u);
  EXPECT_EQ(shown("redis.deadline").value, "auto");
  set("REFRAIN_REDIS_DEADLINE", "200");
  EXPECT_EQ(values().redis.deadline, 200ms);
  flag("redis.deadline", "2 s");
  EXPECT_EQ(values().redis.deadline, 2s);
  EXPECT_EQ(shown("redis.deadline").value, "2 s");
  flag("redis.deadline", "Auto");
  EXPECT_EQ(values().redis.deadline, std::nullopt);
}

TEST_F(loading, a_store_may_be_a_redis_of_any_kind) {
  for (const std::string url :
       {"redis://h", "REDIS://h", "rediss://u:p@ss/w#?rd@h:1/2/", "valkey://h", "valkeys://:p@[::1]:1/0",
        "redis://h/0?db=0&password=a@b/c", "redis+cluster://a,b:1", "rediss+cluster://u:p@a,[::1]:2/0",
        "redis+sentinel://a,b:1/mymaster/2?sentinel_password=q@/q", "valkey+sentinel://a/m",
        "unix:///run/redis.sock?db=1", "redis+unix://:p@/run/redis.sock", "redis+socket:///run/redis.sock"}) {
    flags = {{.key = "store.url", .text = url}};
    EXPECT_EQ(values().store.url, url);
  }
}

TEST_F(loading, entries_of_litellm_are_looked_for_where_it_is_said) {
  EXPECT_FALSE(values().store.litellm);
  EXPECT_EQ(values().store.litellm_provider, "openai");
  toml("[store]\nlitellm = true\nlitellm_namespace = \"team\"\nlitellm_provider = \"\"\n");
  EXPECT_TRUE(values().store.litellm);
  EXPECT_EQ(values().store.litellm_namespace, "team");
  EXPECT_EQ(values().store.litellm_provider, "");
}

TEST_F(loading, variables_of_others_are_none_of_ours) {
  set("PATH", "/bin");
  set("LLM_MODEL", "gpt-4o");
  set("REFRAIN_ADMIN_URL", "http://10.0.0.1:7338");
  set("REFRAIN_ENCODER_FOLDER", "/srv/minilm");
  set("REFRAIN_SERVICE_HOST", "10.0.0.1");
  set("REFRAIN_PORT", "tcp://10.0.0.1:7337");
  set("REFRAIN_PORT_7337_TCP", "tcp://10.0.0.1:7337");
  set("REDIS_PORT", "tcp://10.0.0.2:6379");
  EXPECT_TRUE(must_load().warnings.empty());
  EXPECT_EQ(values().store.url, "");
}

}  // namespace
}  // namespace refrain::config
