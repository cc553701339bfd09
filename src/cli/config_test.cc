// What `refrain config` prints, run as the command line runs it.
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "cli/command.h"
#include "config/load.h"

namespace refrain::cli {
namespace {

/// Runs the command with this line: what it printed to standard output, and its exit code.
std::pair<std::string, int> run_config(const std::string& line) {
  CLI::App app;
  const auto run = attach_config(app);
  app.parse(line);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = run();
  testing::internal::GetCapturedStderr();
  return {testing::internal::GetCapturedStdout(), code};
}

TEST(config_command, prints_documents) {
  EXPECT_EQ(run_config("--example toml").first, config::example_toml());
  EXPECT_EQ(run_config("--example env").first, config::example_dot_env());
  EXPECT_EQ(run_config("--reference").first, config::reference_page());
}

TEST(config_command, prints_value_unit_origin_and_meaning) {
  const auto [text, code] = run_config("--server-drain 5s server.drain");
  EXPECT_EQ(code, exit_done);
  EXPECT_EQ(
      text,
      "server.drain  5 s  --server-drain  How long running answers may take after a stop is asked for (seconds)\n");
}

TEST(config_command, prints_json_with_secrets_masked) {
  const auto [text, code] = run_config("--json --admin-token a-very-secret-token --log-level debug");
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
  EXPECT_EQ(run_config("--threads many").second, exit_failed);
  EXPECT_EQ(run_config("--set nothing").second, exit_usage);
}

}  // namespace
}  // namespace refrain::cli
