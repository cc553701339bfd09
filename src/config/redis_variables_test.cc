#include "config/redis_variables.h"

#include "support/config/load_fixture.h"

namespace refrain::config {
namespace {

class redis_in_variables : public load_fixture {};

struct composition {
  std::map<std::string, std::string> given;
  std::string url;
};

TEST_F(redis_in_variables, any_part_is_enough) {
  const std::vector<composition> cases{
      {{}, ""},
      {{{"REDIS_HOST", ""}, {"REDIS_PASSWORD", ""}}, ""},
      {{{"REDIS_HOST", "cache.internal"}}, "redis://cache.internal:6379/0"},
      {{{"REDIS_HOST", "::1"}}, "redis://[::1]:6379/0"},
      {{{"REDIS_HOST", "cache.internal:6380"}}, "redis://cache.internal:6380/0"},
      {{{"REDIS_HOST", "[::1]:6380"}}, "redis://[::1]:6380/0"},
      {{{"REDIS_HOST", "h:6380"}, {"REDIS_PORT", "6380"}}, "redis://h:6380/0"},
      {{{"REDIS_HOST", "h:6380"}, {"REDIS_PORT", "tcp://10.0.0.1:6379"}}, "redis://h:6380/0"},
      {{{"REDIS_PORT", "6380"}}, "redis://localhost:6380/0"},
      {{{"REDIS_PORT", "tcp://10.0.0.1:6379"}}, ""},
      {{{"REDIS_DB", "3"}}, "redis://localhost:6379/3"},
      {{{"REDIS_SSL", "true"}}, "rediss://localhost:6379/0"},
      {{{"REDIS_SSL", "False"}}, "redis://localhost:6379/0"},
      {{{"REDIS_USERNAME", "app"}}, "redis://app@localhost:6379/0"},
      {{{"REDIS_PASSWORD", "p@ss/w#rd%"}}, "redis://:p%40ss%2Fw%23rd%25@localhost:6379/0"},
      {{{"REDIS_HOST", "h"}, {"REDIS_USERNAME", "a b"}, {"REDIS_PASSWORD", "c"}, {"REDIS_SSL", "1"}},
       "rediss://a%20b:c@h:6379/0"},
      {{{"REDIS_URL", "redis://u:raw#p@ss@h:1/2"}, {"REDIS_HOST", "ignored"}}, "redis://u:raw#p@ss@h:1/2"},
      {{{"REDIS_URL", "redis+cluster://h1,h2:7000"}}, "redis+cluster://h1,h2:7000"},
      {{{"REDIS_URL", "redis+sentinel://h1,h2/service"}}, "redis+sentinel://h1,h2/service"},
  };
  for (const auto& [given, url] : cases) {
    from.variables = given;
    EXPECT_EQ(values().store.url, url);
  }
}

TEST_F(redis_in_variables, clusters_and_sentinels_are_named_as_for_litellm) {
  const std::string nodes = R"([{"host": "10.0.0.1", "port": "7001"}, {"host": "::1", "port": 7002}])";
  const std::string sentinels = R"([["s1", 26379], ["s2", 26380]])";
  const std::vector<composition> cases{
      {{{"REDIS_CLUSTER_NODES", nodes}}, "redis+cluster://10.0.0.1:7001,[::1]:7002"},
      {{{"REDIS_CLUSTER_NODES", nodes}, {"REDIS_HOST", "ignored"}, {"REDIS_PORT", "1"}, {"REDIS_DB", "0"}},
       "redis+cluster://10.0.0.1:7001,[::1]:7002"},
      {{{"REDIS_CLUSTER_NODES", "a,b:1"}, {"REDIS_USERNAME", "u"}, {"REDIS_PASSWORD", "p/"}, {"REDIS_SSL", "True"}},
       "rediss+cluster://u:p%2F@a:6379,b:1"},
      {{{"REDIS_CLUSTER_NODES", "a"}, {"REDIS_SENTINEL_NODES", sentinels}, {"REDIS_SERVICE_NAME", "m"}},
       "redis+cluster://a:6379"},
      {{{"REDIS_SENTINEL_NODES", sentinels}, {"REDIS_SERVICE_NAME", "mymaster"}, {"REDIS_HOST", "ignored"}},
       "redis+sentinel://s1:26379,s2:26380/mymaster/0"},
      {{{"REDIS_SENTINEL_NODES", "s"},
        {"REDIS_SERVICE_NAME", "m"},
        {"REDIS_PASSWORD", "p"},
        {"REDIS_SENTINEL_PASSWORD", "q&"},
        {"REDIS_DB", "2"},
        {"REDIS_SSL", "true"}},
       "rediss+sentinel://:p@s:26379/m/2?sentinel_password=q%26"},
      {{{"REDIS_SENTINEL_NODES", "s"}, {"REDIS_SERVICE_NAME", "m"}, {"REDIS_SENTINEL_PASSWORD", "q"}},
       "redis+sentinel://:q@s:26379/m/0?sentinel_password=q"},
      {{{"REDIS_SERVICE_NAME", "m"}, {"REDIS_SENTINEL_PASSWORD", "q"}}, ""},
      {{{"REDIS_URL", "redis://h"}, {"REDIS_CLUSTER_NODES", nodes}}, "redis://h"},
  };
  for (const auto& [given, url] : cases) {
    from.variables = given;
    EXPECT_EQ(values().store.url, url);
  }
}

TEST_F(redis_in_variables, what_people_have_for_redis_py_s_tls_is_taken) {
  from.variables = {{"REDIS_SSL_CA_CERTS", "ca.pem"},
                    {"REDIS_SSL_CERTFILE", "c.pem"},
                    {"REDIS_SSL_KEYFILE", "k.pem"},
                    {"REDIS_SSL_CERT_REQS", "None"},
                    {"REDIS_SSL_CHECK_HOSTNAME", "False"}};
  const auto redis = values().redis;
  EXPECT_EQ(redis.tls_ca, "ca.pem");
  EXPECT_EQ(redis.tls_certificate, "c.pem");
  EXPECT_EQ(redis.tls_key, "k.pem");
  EXPECT_FALSE(redis.tls_verify);
  EXPECT_FALSE(redis.tls_check_host);
  EXPECT_EQ(values().store.url, "");
  EXPECT_EQ(shown("redis.tls_verify").value, "none");
  for (const auto* const word : {"required", "CERT_REQUIRED", "optional", "true"}) {
    set("REDIS_SSL_CERT_REQS", word);
    EXPECT_TRUE(values().redis.tls_verify) << word;
  }
}

TEST_F(redis_in_variables, are_shown_without_the_passwords) {
  from.variables = {{"REDIS_SENTINEL_NODES", "s"},
                    {"REDIS_SERVICE_NAME", "m"},
                    {"REDIS_PASSWORD", "XYZZY"},
                    {"REDIS_SENTINEL_PASSWORD", "plugh"}};
  EXPECT_EQ(shown("store.url").value, "redis+sentinel://****@s:26379/m/0?sentinel_password=****");
}

TEST_F(redis_in_variables, parts_may_come_from_two_sources) {
  dot_env("REDIS_HOST=cache.internal\nREDIS_PASSWORD=  # Optional, if your server asks for one\n");
  EXPECT_EQ(values().store.url, "redis://cache.internal:6379/0");
  set("REDIS_PASSWORD", "secret");
  EXPECT_EQ(values().store.url, "redis://:secret@cache.internal:6379/0");
  EXPECT_EQ(shown("store.url").origin, "REDIS_HOST in .env, REDIS_PASSWORD in the environment");
  EXPECT_EQ(shown("store.url").from, source::environment);
}

TEST_F(redis_in_variables, are_read_as_containers_hand_them_over) {
  from.variables = {{"REDIS_HOST", "\"cache.internal\"  # ours"},
                    {"REDIS_PORT", "6380  # not the default"},
                    {"REDIS_PASSWORD", "'p#w'"},
                    {"REDIS_SSL", " # Optional"},
                    {"REDIS_TTL_SECONDS", "3600  # an hour"}};
  EXPECT_EQ(values().store.url, "redis://:p%23w@cache.internal:6380/0");
  EXPECT_EQ(values().cache.llm_ttl_everywhere, std::chrono::seconds{3600});
  from.variables = {{"REDIS_URL", "redis://:${PW}@${WHERE:-localhost}:6379"}, {"PW", "secret"}};
  EXPECT_EQ(values().store.url, "redis://:secret@localhost:6379");
  from.variables = {{"REDIS_PASSWORD", "${PW}"}, {"OTHER", "${PW}"}};
  EXPECT_EQ(complaint(),
            "REDIS_PASSWORD in the environment: ${PW} stands there as text, and no such variable is given: set it, or "
            "write the value itself");
}

TEST_F(redis_in_variables, a_password_comes_from_a_file) {
  write("password", "from-file\n");
  set("REDIS_PASSWORD_FILE", "password");
  EXPECT_EQ(values().store.url, "redis://:from-file@localhost:6379/0");
  from.variables["REDIS_SENTINEL_NODES"] = "s";
  from.variables["REDIS_SERVICE_NAME"] = "m";
  write("sentinels", "theirs\n");
  set("REDIS_SENTINEL_PASSWORD_FILE", "sentinels");
  EXPECT_EQ(values().store.url, "redis+sentinel://:from-file@s:26379/m/0?sentinel_password=theirs");
  write("url", "rediss://h:1\n");
  set("REDIS_URL_FILE", "url");
  EXPECT_EQ(values().store.url, "rediss://h:1");
}

TEST_F(redis_in_variables, give_way_to_the_setting_itself) {
  toml("[store]\nurl = \"memory:\"\n");
  set("REDIS_HOST", "h");
  EXPECT_EQ(values().store.url, "redis://h:6379/0");
  set("REFRAIN_STORE_URL", "sqlite:a.db");
  EXPECT_EQ(values().store.url, "sqlite:a.db");
  flag("store.url", "memory:");
  EXPECT_EQ(values().store.url, "memory:");
}

TEST_F(redis_in_variables, a_bad_part_is_named) {
  const std::vector<std::array<std::string, 3>> cases{
      {"REDIS_HOST", "redis://h", "give a host name alone; a whole URL stands in REDIS_URL"},
      {"REDIS_HOST", "h:many", "give a port from 1 to 65535"},
      {"REDIS_PORT", "many", "give a port from 1 to 65535"},
      {"REDIS_PORT", "0", "give a port from 1 to 65535"},
      {"REDIS_DB", "first", "give the number of a database"},
      {"REDIS_SSL", "tls", "give true or false"},
      {"REDIS_CLUSTER_NODES", "[1]",
       R"(give JSON such as [{"host": "10.0.0.1", "port": 7000}], or HOST:PORT,HOST:PORT)"},
      {"REDIS_SENTINEL_NODES", "[1]", R"(give JSON such as [["10.0.0.1", 26379]], or HOST:PORT,HOST:PORT)"},
      {"REDIS_SENTINEL_NODES", "s", "give REDIS_SERVICE_NAME too: what the Sentinels call the primary"},
  };
  for (const auto& [name, text, reason] : cases) {
    from.variables = {{name, text}};
    EXPECT_EQ(complaint(), name + " in the environment: " + reason);
  }
  from.variables = {{"REDIS_CLUSTER_NODES", "a"}, {"REDIS_DB", "1"}};
  EXPECT_EQ(complaint(), "REDIS_DB in the environment: a Cluster has database 0 only: leave it out");
  from.variables = {{"REDIS_SSL_CERT_REQS", "maybe"}};
  EXPECT_EQ(complaint(),
            "redis.tls_verify = 'maybe' from REDIS_SSL_CERT_REQS in the environment: give required or none");
}

}  // namespace
}  // namespace refrain::config
