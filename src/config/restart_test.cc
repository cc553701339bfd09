#include <algorithm>

#include "config/table.h"
#include "support/config/load_fixture.h"

namespace refrain::config {
namespace {

using namespace std::chrono_literals;

class restarts : public load_fixture {
 protected:
  /// What a gateway that was started without any setting makes of the file.
  loaded read_again(std::string_view text) {
    const auto running = must_load();
    toml(text);
    auto fresh = must_load();
    keep_until_restart(fresh, running);
    return fresh;
  }
  static std::string keys(const std::vector<shown_setting>& rows) {
    std::string all;
    for (const auto& one : rows) all += (all.empty() ? "" : " ") + one.key;
    return all;
  }
  static shown_setting find(const loaded& in, std::string_view key) {
    return *std::ranges::find(in.shown, key, &shown_setting::key);
  }
};

TEST_F(restarts, are_waited_for_by_what_was_built_at_the_start) {
  const auto now = read_again(R"(
[server]
listen = "127.0.0.1:1"
drain = "3 s"
[admin]
listen = "off"
token = "another"
[cache]
max_entry = "1 MiB"
level = "speed"
[store]
url = "redis://:password@h"
[memory]
max_bytes = "1 MiB"
[security]
secret = "a secret"
)");
  EXPECT_EQ(keys(now.waiting),
            "server.listen admin.listen admin.token cache.max_entry store.url memory.max_bytes security.secret");
  EXPECT_EQ(now.values.memory.max_bytes, settings{}.memory.max_bytes);
  EXPECT_EQ(now.values.server.listen, settings{}.server.listen);
  EXPECT_EQ(now.values.store.url, "");
  EXPECT_TRUE(now.values.admin.enabled);
  EXPECT_TRUE(now.values.admin.listen_is_default);
  EXPECT_TRUE(now.values.admin.token.empty());
  EXPECT_TRUE(now.values.security.secret.empty());
  EXPECT_EQ(now.values.server.drain, 3s);
  EXPECT_EQ(now.values.cache.level, optimization_level::speed);
}

TEST_F(restarts, leave_shown_what_is_in_force_until_then) {
  const auto now = read_again("[memory]\nmax_bytes = \"1 MiB\"\n");
  EXPECT_EQ(find(now, "memory.max_bytes").value, "256 MiB");
  EXPECT_EQ(find(now, "memory.max_bytes").origin, "default");
  ASSERT_EQ(now.waiting.size(), 1U);
  EXPECT_EQ(now.waiting[0].value, "1 MiB");
  EXPECT_EQ(now.waiting[0].origin, "refrain.toml line 2");
}

TEST_F(restarts, are_not_waited_for_once_the_old_value_is_back) {
  auto running = read_again("[memory]\nmax_bytes = \"1 MiB\"\n");
  toml("");
  auto fresh = must_load();
  keep_until_restart(fresh, running);
  EXPECT_EQ(keys(fresh.waiting), "");
}

TEST_F(restarts, are_waited_for_by_a_certificate_only_where_there_was_none) {
  constexpr std::string_view pair = "[server]\ntls_certificate = \"a\"\ntls_key = \"b\"\n";
  const auto without = read_again(pair);
  EXPECT_EQ(keys(without.waiting), "server.tls_certificate server.tls_key");
  EXPECT_EQ(without.values.server.tls_certificate, "");

  const auto with = read_again("[server]\ntls_certificate = \"c\"\ntls_key = \"d\"\n");
  EXPECT_EQ(keys(with.waiting), "");
  EXPECT_EQ(with.values.server.tls_certificate, "c");
}

TEST(settings_that_apply_at_start, can_all_be_kept) {
  for (const auto& row : table()) {
    if (row.value.applies == application::at_reload) continue;
    EXPECT_NE(row.value.keep, nullptr) << row.key;
    EXPECT_NE(row.value.same, nullptr) << row.key;
    EXPECT_FALSE(is_named(row)) << row.key;
  }
}

}  // namespace
}  // namespace refrain::config
