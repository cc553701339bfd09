// No secret is ever said: not in what is shown, not in a warning, not in an error.
#include <functional>

#include "config/names.h"
#include "support/config/load_fixture.h"

namespace refrain::config {
namespace {

constexpr std::string_view marker = "XYZZY-plugh";

class secrecy : public load_fixture {
 protected:
  static std::string named(const setting& row) {
    if (!is_named(row)) return "";
    return row.key.starts_with("clients") ? "web" : "openai";
  }

  /// Runs over every row that may hold a secret.
  static void each_private_row(const std::function<void(const setting&, const std::string& name)>& check) {
    int rows = 0;
    for (const auto& row : table()) {
      if (!has_file_form(row)) continue;
      check(row, named(row));
      ++rows;
    }
    EXPECT_GE(rows, 8);
  }

  /// A right value of the row that holds the marker where a secret would stand.
  static std::string secret_value_of(const setting& row) {
    if (row.value.shows == privacy::secret) return std::string(marker);
    if (row.key == "store.url") return "redis://user:" + std::string(marker) + "@host:6379/0";
    return "http://user:" + std::string(marker) + "@host.example:99";
  }

  void expect_silence() const {
    const auto done = load(from, flags, config_file);
    if (!done) {
      EXPECT_EQ(done.error().context.find(marker), std::string::npos) << done.error().context;
      return;
    }
    for (const auto& one : done->shown) {
      EXPECT_EQ(one.value.find(marker), std::string::npos) << one.key;
      EXPECT_EQ(one.origin.find(marker), std::string::npos) << one.key;
    }
    for (const auto& line : done->warnings) EXPECT_EQ(line.find(marker), std::string::npos) << line;
  }
};

TEST_F(secrecy, of_right_values_holds_in_every_source) {
  each_private_row([&](const setting& row, const std::string& name) {
    const auto value = secret_value_of(row);
    flags = {{.key = key_of(row, name), .text = value}};
    expect_silence();
    flags.clear();
    from.variables = {{variable_of(row, name), value}};
    expect_silence();
    from.variables.clear();
    dot_env(variable_of(row, name) + "='" + value + "'\n");
    expect_silence();
    dot_env("");
  });
}

TEST_F(secrecy, of_wrong_values_holds_in_every_source) {
  each_private_row([&](const setting& row, const std::string& name) {
    for (const auto& value : {"bad\n" + std::string(marker), "https://" + std::string(marker) + "/@host:x\n",
                              "redis://a:" + std::string(marker) + ":@"}) {
      flags = {{.key = key_of(row, name), .text = value}};
      expect_silence();
    }
    flags.clear();
  });
}

TEST_F(secrecy, of_a_key_holds_where_the_toml_is_broken) {
  for (const std::string broken : {"token = XYZZY-plugh\n", "token = \"XYZZY-plugh\n", "token = 'XYZZY-plugh' x\n",
                                   "token = \"\\XYZZY-plugh\"\n", "XYZZY-plugh\n", "= \"XYZZY-plugh\"\n"}) {
    toml("[admin]\n" + broken);
    EXPECT_FALSE(complaint().contains(marker)) << complaint();
  }
}

TEST_F(secrecy, of_redis_parts_holds) {
  for (const auto* const name : {"REDIS_PASSWORD", "REDIS_URL", "REDIS_CLUSTER_NODES", "REDIS_SENTINEL_NODES"}) {
    from.variables = {{name, "[" + std::string(marker)}, {"REDIS_PORT", "many"}};
    expect_silence();
  }
  from.variables = {{"REDIS_SENTINEL_NODES", "s"}, {"REDIS_SERVICE_NAME", "m"}};
  set("REDIS_SENTINEL_PASSWORD", std::string(marker) + "@&");
  EXPECT_TRUE(values().store.url.contains(marker));
  expect_silence();
}

TEST_F(secrecy, of_variables_with_misspelt_names_holds) {
  set("REFRAIN_ADMIN_TOKN", std::string(marker));
  expect_silence();
}

TEST_F(secrecy, leaves_a_secret_usable) {
  set("REFRAIN_ADMIN_TOKEN", std::string(marker));
  EXPECT_EQ(values().admin.token.reveal(), marker);
  EXPECT_FALSE(shown("admin.token").value.empty());
}

class secret_files : public load_fixture {};

TEST_F(secret_files, give_every_secret_by_variable_toml_and_flag) {
  write("folder/token", "  from a file \r\n");
  set("REFRAIN_ADMIN_TOKEN_FILE", "folder/token");
  EXPECT_EQ(values().admin.token.reveal(), "from a file");
  EXPECT_EQ(shown("admin.token").origin, "REFRAIN_ADMIN_TOKEN_FILE in the environment");
  from.variables = {{"OPENAI_API_KEY_FILE", "folder/token"}};
  EXPECT_EQ(values().upstreams.at("openai").api_key.reveal(), "from a file");
  from.variables.clear();
  flag("security.secret_file", "folder/token");
  EXPECT_EQ(values().security.secret.reveal(), "from a file");
}

TEST_F(secret_files, of_a_toml_file_are_looked_for_beside_it) {
  write("etc/key", "sk-beside\n");
  config_file = write("etc/refrain.toml", "[upstream.openai]\napi_key_file = \"key\"\n");
  EXPECT_EQ(values().upstreams.at("openai").api_key.reveal(), "sk-beside");
}

TEST_F(secret_files, count_less_than_the_value_itself) {
  write("token", "from-file");
  set("REFRAIN_ADMIN_TOKEN_FILE", "token");
  set("REFRAIN_ADMIN_TOKEN", "itself");
  EXPECT_EQ(values().admin.token.reveal(), "itself");
}

TEST_F(secret_files, that_cannot_be_read_stop_the_start) {
  set("OPENAI_API_KEY_FILE", "missing");
  EXPECT_TRUE(
      complaint().starts_with("upstream.openai.api_key from OPENAI_API_KEY_FILE in the environment: cannot read "));
  EXPECT_TRUE(complaint().ends_with("missing: No such file or directory"));
  write("missing", "\n");
  EXPECT_TRUE(complaint().ends_with("missing is empty"));
}

TEST_F(secret_files, exist_for_secrets_alone) {
  set("REFRAIN_SERVER_LISTEN_FILE", "x");
  EXPECT_EQ(complaint(),
            "unknown setting REFRAIN_SERVER_LISTEN_FILE in the environment: did you mean REFRAIN_SERVER_LISTEN?");
}

}  // namespace
}  // namespace refrain::config
