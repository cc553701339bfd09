// What a person reads when a start is refused: the setting, where the value came from, and the remedy.
#include "support/config/load_fixture.h"

namespace refrain::config {
namespace {

class complaints : public load_fixture {};

TEST_F(complaints, a_bad_value_names_key_origin_and_form) {
  toml("# head\n[server]\nthreads = \"many\"\n");
  EXPECT_EQ(complaint(), "server.threads = 'many' in refrain.toml line 3: give a whole number from 0 to 1024");
  toml("");
  dot_env("REFRAIN_SERVER_THREADS=2000\n");
  EXPECT_EQ(complaint(),
            "server.threads = '2000' from REFRAIN_SERVER_THREADS in .env: give a whole number from 0 to 1024");
  dot_env("");
  flag("server.threads", "-1");
  EXPECT_EQ(complaint(), "server.threads = '-1' from --threads: give a whole number from 0 to 1024");
}

TEST_F(complaints, a_bad_value_counts_even_where_a_later_source_wins) {
  toml("[server]\ndrain = \"soon\"\n");
  flag("server.drain", "1 s");
  EXPECT_TRUE(complaint().starts_with("server.drain = 'soon' in refrain.toml line 2: give a duration"));
}

struct bad_value {
  std::string key;
  std::string text;
  std::string form;
};

TEST_F(complaints, each_kind_says_what_is_right) {
  const std::vector<bad_value> cases{
      {"server.listen", "7337", "give HOST:PORT, such as 127.0.0.1:7337; port 0 takes a free one"},
      {"server.listen", "127.0.0.1:99999", "give HOST:PORT"},
      {"server.drain", "500ms", "give a duration in whole seconds, such as \"90 s\" or \"5 min\", from 0 s to 1 day"},
      {"server.drain", "2 days", "from 0 s to 1 day"},
      {"cache.ttl_ceiling", "0", "from 1 s to 3650 days"},
      {"cache.enabled", "maybe", "give true or false"},
      {"cache.level", "fast", "give quality, balanced_quality, balanced, balanced_speed or speed"},
      {"cache.max_entry", "lots", "give a size, such as \"256 MiB\" or \"4GiB\", from 1 KiB to 1024 TiB"},
      {"memory.max_bytes", "1 KiB", "from 1 MiB to 1024 TiB, or 0 for none"},
      {"cache.max_temperature", "-1", "give a number of at least 0, such as 0.3, or none"},
      {"cache.max_temperature", "warm", "give a number of at least 0"},
      {"log.level", "loud", "give debug, info, warning or error"},
      {"log.format", "xml", "give text or json"},
      {"store.url", "/var/lib/refrain.db", "give sqlite:PATH, memory:, redis://HOST:PORT or rediss://HOST:PORT"},
      {"store.url", "localhost:6379", "redis://HOST:PORT"},
      {"redis.deadline", "soon", "give a duration, such as \"200 ms\", from 1 ms to 1 min; or auto"},
      {"redis.deadline", "2 min", "from 1 ms to 1 min; or auto"},
      {"redis.node_map", "10.0.0.2:6379", "give pairs ANNOUNCED=REACHED such as 172.18.0.2:6379=127.0.0.1:7001"},
      {"redis.node_map", "10.0.0.2=127.0.0.1:7001", "give pairs ANNOUNCED=REACHED"},
      {"redis.connections", "2", "give a whole number from 3 to 256"},
      {"store.fallback", "redis://host", "give sqlite:PATH"},
      {"upstream.openai.base_url", "api.openai.com", "give a URL such as https://api.example.com/v1"},
      {"upstream.openai.base_url", "ftp://api.openai.com", "give a URL such as https://api.example.com/v1"},
      {"upstream.openai.base_url", "https://api.openai.com/v1?a=b", "give a URL such as https://api.example.com/v1"},
      {"upstream.openai.dialect", "smalltalk", "give one of openai, azure, anthropic, gemini"},
      {"network.https_proxy", "socks5://proxy:1080", "give a proxy such as http://HOST:PORT"},
      {"admin.token", "two\nlines", "give one line of text"},
  };
  for (const auto& [key, text, form] : cases) {
    flags = {{.key = key, .text = text}};
    EXPECT_NE(complaint().find(form), std::string::npos) << key << " said: " << complaint();
    EXPECT_TRUE(complaint().starts_with(key));
  }
}

TEST_F(complaints, a_list_stands_only_where_a_list_is_meant) {
  toml("[server]\nlisten = [\"127.0.0.1:1\", \"127.0.0.1:2\"]\n");
  EXPECT_TRUE(complaint().starts_with("server.listen in refrain.toml line 2: give HOST:PORT"));
}

TEST_F(complaints, an_unknown_key_meets_the_nearest) {
  toml("[server]\nlissten = \":1\"\n");
  EXPECT_EQ(complaint(), "refrain.toml line 2: unknown setting server.lissten: did you mean server.listen?");
}

TEST_F(complaints, an_unknown_variable_of_ours_meets_the_nearest) {
  set("REFRAIN_SERVER_LISTN", "secret-looking-value");
  EXPECT_EQ(complaint(),
            "unknown setting REFRAIN_SERVER_LISTN in the environment: did you mean REFRAIN_SERVER_LISTEN?");
  from.variables.clear();
  dot_env("REFRAIN_UPSTREAM_OPENAI_BASEURL=x\n");
  EXPECT_EQ(complaint(),
            "unknown setting REFRAIN_UPSTREAM_OPENAI_BASEURL in .env: did you mean "
            "REFRAIN_UPSTREAM_OPENAI_BASE_URL?");
}

TEST_F(complaints, an_unknown_flag_key_is_refused) {
  flag("server.threds", "1");
  EXPECT_EQ(complaint(), "unknown setting server.threds: did you mean server.threads?");
}

TEST_F(complaints, an_upstream_needs_an_address) {
  toml("[upstream.my-llm]\napi_key = \"sk-1\"\n");
  EXPECT_EQ(complaint(), "upstream my-llm in refrain.toml line 2 has no address: give upstream.my-llm.base_url");
}

TEST_F(complaints, the_default_upstream_has_to_exist) {
  set("REFRAIN_SERVER_DEFAULT_UPSTREAM", "opnai");
  EXPECT_EQ(complaint(),
            "server.default_upstream = 'opnai' from REFRAIN_SERVER_DEFAULT_UPSTREAM in the environment: "
            "there is no such upstream; did you mean openai?");
}

TEST_F(complaints, clients_need_keys_of_their_own) {
  toml("[clients.web]\ntenant = \"a\"\n");
  EXPECT_EQ(complaint(), "client web in refrain.toml line 2 has no key: give clients.web.key");
  toml("[clients.a]\nkey = \"same\"\n[clients.b]\nkey = \"same\"\n");
  EXPECT_EQ(complaint(), "clients a and b have the same key: give each its own");
}

TEST_F(complaints, a_certificate_needs_its_key) {
  toml("[server]\ntls_certificate = \"tls.crt\"\n");
  EXPECT_EQ(complaint(),
            "server.tls_certificate is given in refrain.toml line 2 and server.tls_key is not: give both, or neither");
  toml("");
  set("REFRAIN_SERVER_TLS_KEY", "tls.key");
  EXPECT_EQ(complaint(),
            "server.tls_key is given from REFRAIN_SERVER_TLS_KEY in the environment and server.tls_certificate is not: "
            "give both, or neither");
  flag("server.tls_key", "");
  EXPECT_EQ(must_load().values.server.tls_key, "");
}

TEST_F(complaints, a_key_for_redis_needs_its_certificate) {
  set("REDIS_SSL_KEYFILE", "redis.key");
  EXPECT_EQ(complaint(),
            "redis.tls_key is given from REDIS_SSL_KEYFILE in the environment and redis.tls_certificate is not: give "
            "the certificate too");
  set("REDIS_SSL_CERTFILE", "redis.crt");
  EXPECT_EQ(must_load().values.redis.tls_key, "redis.key");
}

}  // namespace
}  // namespace refrain::config
