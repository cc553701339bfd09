// What `refrain config` prints, run as the command line runs it.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "cli/command.h"
#include "config/load.h"
#include "support/cli/run_line.h"

namespace refrain::cli {
namespace {

TEST(config_command, prints_documents) {
  EXPECT_EQ(run_line({"config", "--example", "toml"}).out, config::example_toml());
  EXPECT_EQ(run_line({"config", "--example", "env"}).out, config::example_dot_env());
  EXPECT_EQ(run_line({"config", "--reference"}).out, config::reference_page());
}

TEST(config_command, prints_value_unit_origin_and_meaning) {
  const auto [code, text, ignored] = run_line({"config", "--server-drain", "5s", "server.drain"});
  EXPECT_EQ(code, exit_done);
  EXPECT_EQ(
      text,
      "server.drain  5 s  --server-drain  How long running answers may take after a stop is asked for (seconds)\n");
}

TEST(config_command, prints_json_with_secrets_masked) {
  const auto [code, text, ignored] =
      run_line({"config", "--json", "--admin-token", "a-very-secret-token", "--log-level", "debug"});
  EXPECT_EQ(code, exit_done);
  EXPECT_EQ(text.find("a-very-secret"), std::string::npos);
  const auto all = boost::json::parse(text).as_object();
  bool found = false;
  for (const auto& row : all.at("settings").as_array()) {
    if (row.at("key") != "log.level") continue;
    found = true;
    EXPECT_EQ(row.at("value"), "debug");
    EXPECT_EQ(row.at("source"), "flag");
    EXPECT_EQ(row.at("origin"), "--log-level");
  }
  EXPECT_TRUE(found);
}

TEST(config_command, fails_on_a_bad_value) {
  EXPECT_EQ(run_line({"config", "--threads", "many"}).code, exit_failed);
  EXPECT_EQ(run_line({"config", "--set", "nothing"}).code, exit_usage);
}

}  // namespace
}  // namespace refrain::cli
