#include "config/redis_variables.h"

#include "config/load_fixture.h"

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

TEST_F(redis_in_variables, parts_may_come_from_two_sources) {
  dot_env("REDIS_HOST=cache.internal\nREDIS_PASSWORD=  # Optional, if your server asks for one\n");
  EXPECT_EQ(values().store.url, "redis://cache.internal:6379/0");
  set("REDIS_PASSWORD", "secret");
  EXPECT_EQ(values().store.url, "redis://:secret@cache.internal:6379/0");
  EXPECT_EQ(shown("store.url").origin, "REDIS_HOST in .env, REDIS_PASSWORD in the environment");
  EXPECT_EQ(shown("store.url").from, source::environment);
}

TEST_F(redis_in_variables, a_password_comes_from_a_file) {
  write("password", "from-file\n");
  set("REDIS_PASSWORD_FILE", "password");
  EXPECT_EQ(values().store.url, "redis://:from-file@localhost:6379/0");
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
      {"REDIS_PORT", "many", "give a port from 1 to 65535"},
      {"REDIS_PORT", "0", "give a port from 1 to 65535"},
      {"REDIS_DB", "first", "give the number of a database"},
      {"REDIS_SSL", "tls", "give true or false"},
  };
  for (const auto& [name, text, reason] : cases) {
    from.variables = {{name, text}};
    EXPECT_EQ(complaint(), name + " in the environment: " + reason);
  }
}

}  // namespace
}  // namespace refrain::config
