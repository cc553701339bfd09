#include "store/registry.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include "support/net/run_to_end.h"
#include "support/redis/cluster.h"
#include "support/redis/sentinels.h"
#include "support/store/fixtures.h"

namespace refrain::store {
namespace {

base::result<std::unique_ptr<entry::store>> open(std::string url) {
  store_options options;
  options.url = std::move(url);
  return open_store(std::move(options));
}

TEST(registry, opens_memory) {
  const auto store = open("memory:");
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ((*store)->status().kind, "memory");
}

TEST(registry, opens_sqlite_under_a_memory_tier) {
  const scratch_folder folder;
  const auto store = open("sqlite:" + folder.file("deep/er/cache.db"));
  ASSERT_TRUE(store.has_value()) << store.error().context;
  const auto status = (*store)->status();
  EXPECT_EQ(status.kind, "sqlite");
  EXPECT_EQ(status.location, folder.file("deep/er/cache.db"));
  ASSERT_EQ(status.tiers.size(), 2u);
  EXPECT_EQ(status.tiers[0].kind, "memory");
  EXPECT_EQ(status.tiers[1].kind, "sqlite");
}

TEST(registry, opens_redis_under_a_memory_tier) {
  const redis::testing::server server{{"--requirepass", "secret"}};
  const auto url = "redis://:secret@127.0.0.1:" + std::to_string(server.port()) + "/2";
  const auto store = open(url);
  ASSERT_TRUE(store.has_value()) << store.error().context;
  const auto status = (*store)->status();
  EXPECT_EQ(status.kind, "redis");
  EXPECT_EQ(status.location, "redis://127.0.0.1:" + std::to_string(server.port()) + "/2");
  ASSERT_EQ(status.tiers.size(), 2u);
  EXPECT_EQ(status.tiers[1].health, entry::store_health::ready);
  const sample kept{.n = 1};
  (*store)->put(kept.make());
  (*store)->flush();
  EXPECT_EQ(body_of(net::run_to_end(open(url).value()->get(kept.id())).value_or(nullptr)), kept.text());
}

TEST(registry, a_redis_that_is_away_is_an_error_only_where_it_must_be_there) {
  store_options options{.url = "redis://127.0.0.1:" + std::to_string(redis::testing::free_port())};
  const auto store = open_store(options);
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ((*store)->status().tiers[1].health, entry::store_health::down);
  options.require = true;
  EXPECT_EQ(open_store(options).error().code, base::errc::store_unavailable);
}

TEST(registry, opens_a_cluster_a_unix_socket_and_what_sentinels_name) {
  const redis::testing::cluster cluster{3, false};
  const redis::testing::sentinels sentinels;
  const redis::testing::server local{{"--unixsocket", "socket"}};
  const sample kept{.n = 1};
  for (const auto& url : {cluster.url(), sentinels.url(), "unix://" + (local.folder() / "socket").string()}) {
    const auto store = open(url);
    ASSERT_TRUE(store.has_value()) << store.error().context;
    EXPECT_TRUE(redis::testing::cluster::comes_true([&] {
      return (*store)->status().tiers[1].health == entry::store_health::ready;
    })) << url;
    (*store)->put(kept.make());
    (*store)->flush();
    EXPECT_EQ(body_of(net::run_to_end(open(url).value()->get(kept.id())).value_or(nullptr)), kept.text()) << url;
  }
}

TEST(registry, the_file_and_its_folder_are_private) {
  const scratch_folder folder;
  ASSERT_TRUE(open("sqlite:" + folder.file("deep/cache.db")).has_value());
  for (const auto& [name, mode] : {std::pair{"deep", 0700u}, {"deep/cache.db", 0600u}, {"deep/cache.db-wal", 0600u}}) {
    struct stat about{};
    ASSERT_EQ(::stat(folder.file(name).c_str(), &about), 0) << name;
    EXPECT_EQ(about.st_mode & 0777, mode) << name;
  }
}

TEST(registry, says_how_a_store_is_named) {
  const std::pair<const char*, const char*> cases[]{{"mongodb://x:password@y", "redis://"},
                                                    {"cache.db", "redis://"},
                                                    {"", "redis://"},
                                                    {"sqlite:", "sqlite:cache.db"}};
  for (const auto& [url, form] : cases) {
    const auto store = open(url);
    ASSERT_FALSE(store.has_value()) << url;
    EXPECT_EQ(store.error().code, base::errc::bad_config) << url;
    EXPECT_TRUE(store.error().context.starts_with("store.url: ")) << url;
    EXPECT_TRUE(store.error().context.contains(form)) << store.error().context;
    EXPECT_FALSE(store.error().context.contains("password")) << url;
  }
}

TEST(registry, an_unknown_scheme_is_no_redis_and_the_known_ones_are_listed) {
  for (const auto& url : {"mongodb://x:password@y", "reddis://:password@y", "password:x@y", "cache.db", "memory", ""}) {
    const auto store = open(url);
    ASSERT_FALSE(store.has_value()) << url;
    for (const auto* form : {"memory:", "sqlite:PATH", "redis://", "unix:///"}) {
      EXPECT_TRUE(store.error().context.contains(form)) << store.error().context;
    }
    EXPECT_FALSE(store.error().context.contains("password")) << url;
    EXPECT_EQ(kind_of(url), std::nullopt) << url;
  }
  EXPECT_TRUE(open("reddis://y").error().context.contains("did you mean redis:?"));
}

TEST(registry, knows_the_kind_of_a_store_by_its_scheme) {
  const std::pair<const char*, store_kind> cases[]{{"memory:", store_kind::memory},
                                                   {"sqlite:/x/cache.db", store_kind::sqlite},
                                                   {"redis://x", store_kind::redis},
                                                   {"rediss+cluster://x", store_kind::redis},
                                                   {"valkey+sentinel://x/y", store_kind::redis},
                                                   {"unix:///x.sock", store_kind::redis},
                                                   {"redis+socket:///x", store_kind::redis},
                                                   {"REDIS://x", store_kind::redis}};
  for (const auto& [url, kind] : cases) EXPECT_EQ(kind_of(url), kind) << url;
  EXPECT_EQ(sqlite_path("sqlite:/x/cache.db"), "/x/cache.db");
  EXPECT_EQ(sqlite_path("redis://x"), std::nullopt);
}

TEST(registry, names_the_mend_of_a_path_that_cannot_be_used) {
  const scratch_folder folder;
  // A folder where the file should be, a file where the folder should be: these fail for root as well.
  std::filesystem::create_directory(folder.file("cache.db"));
  for (const auto& path : {folder.file("cache.db"), std::string("/proc/nothing/cache.db")}) {
    const auto store = open("sqlite:" + path);
    ASSERT_FALSE(store.has_value()) << path;
    EXPECT_NE(store.error().context.find(path.starts_with("/proc") ? "/proc" : path), std::string::npos);
  }
}

}  // namespace
}  // namespace refrain::store
