#include "app/open_store.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/redis/server.h"

namespace refrain::app {
namespace {

bool any_says(const std::vector<std::string>& warnings, std::string_view what) {
  return std::ranges::any_of(warnings, [what](const auto& one) { return one.contains(what); });
}

struct opening {
  config::settings settings;
  std::vector<std::string> warnings{};

  base::result<std::unique_ptr<entry::store>> open() {
    return open_store(settings, folders{}, std::make_shared<cache::purge_book>(), warnings);
  }
};

TEST(opening_a_store, takes_a_redis_with_its_prefix_and_database) {
  const redis::testing::server server;
  opening one;
  one.settings.store.url = server.url() + "/3";
  one.settings.store.prefix = "app:";
  one.settings.store.require = true;
  const auto store = one.open();
  ASSERT_TRUE(store.has_value()) << store.error().context;
  EXPECT_EQ((*store)->status().location, one.settings.store.url);
  EXPECT_TRUE(one.warnings.empty());
}

TEST(opening_a_store, goes_on_without_a_redis_that_is_away_unless_it_is_required) {
  opening one;
  one.settings.store.url = "redis+cluster://:secret@127.0.0.1:1,127.0.0.1:2";
  const auto store = one.open();
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ((*store)->status().health, entry::store_health::down);
  one.settings.store.require = true;
  const auto required = one.open();
  ASSERT_FALSE(required.has_value());
  EXPECT_FALSE(required.error().context.contains("secret"));
}

TEST(opening_a_store, says_what_is_wrong_with_an_address_and_where_it_came_from) {
  const config::environment from{
      .variables = {{"REDIS_URL", "redis://:secret@host:port"}}, .working_directory = {}, .home = {}};
  const auto given = config::load(from, {}, {});
  ASSERT_TRUE(given.has_value()) << given.error().context;
  opening one{.settings = given->values};
  const auto store = one.open();
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().code, base::errc::bad_config);
  const auto told = with_origin(store.error(), *given).context;
  EXPECT_TRUE(told.starts_with("store.url from REDIS_URL in the environment: ")) << told;
  EXPECT_TRUE(told.contains("port") && !told.contains("secret")) << told;
}

TEST(opening_a_store, goes_on_with_memory_where_no_folder_is_known_or_it_cannot_be_made) {
  opening homeless;
  auto store = homeless.open();
  ASSERT_TRUE(store.has_value()) << store.error().context;
  EXPECT_EQ((*store)->status().kind, "memory");
  EXPECT_TRUE(any_says(homeless.warnings, "neither HOME nor XDG_DATA_HOME"));

  opening locked;
  locked.settings.store.url = "sqlite:/proc/1/refrain/cache.db";
  store = locked.open();
  ASSERT_TRUE(store.has_value()) << store.error().context;
  EXPECT_EQ((*store)->status().kind, "memory");
  EXPECT_TRUE(any_says(locked.warnings, "cannot make /proc/1/refrain")) << locked.warnings.front();
}

TEST(opening_a_store, warns_of_plain_text_to_another_machine) {
  opening one;
  // TEST-NET-1 (RFC 5737): nobody is there.
  one.settings.store.url = "redis://:secret@192.0.2.1";
  ASSERT_TRUE(one.open().has_value());
  EXPECT_TRUE(any_says(one.warnings, "192.0.2.1"));
  EXPECT_TRUE(any_says(one.warnings, "rediss://"));
  EXPECT_FALSE(any_says(one.warnings, "secret"));
}

TEST(opening_a_store, says_why_what_litellm_kept_will_not_be_found) {
  struct row {
    std::string url;
    bool beyond_loopback;
    bool named_clients;
    std::string warning;
  };
  const row rows[]{{"memory:", false, false, "names none"},
                   {"redis://127.0.0.1:1", false, false, ""},
                   {"redis://127.0.0.1:1", true, true, ""},
                   {"redis://127.0.0.1:1", true, false, "clients.<name>.key"}};
  for (const auto& [url, beyond_loopback, named_clients, warning] : rows) {
    opening one;
    one.settings.store.url = url;
    one.settings.store.litellm = true;
    if (beyond_loopback) one.settings.server.listen.host = "0.0.0.0";
    if (named_clients) one.settings.clients["anna"] = {.key = base::secret{"key-of-anna"}};
    ASSERT_TRUE(one.open().has_value());
    EXPECT_EQ(any_says(one.warnings, "store.litellm"), !warning.empty()) << url;
    EXPECT_EQ(any_says(one.warnings, warning), !one.warnings.empty()) << url;
  }
}

TEST(opening_a_store, says_which_settings_do_nothing_without_a_redis) {
  opening one;
  one.settings.store.url = "memory:";
  one.settings.store.fallback = "sqlite:x.db";
  ASSERT_TRUE(one.open().has_value());
  EXPECT_TRUE(any_says(one.warnings, "store.fallback"));
}

}  // namespace
}  // namespace refrain::app
