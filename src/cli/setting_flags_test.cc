#include "cli/setting_flags.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace refrain::cli {
namespace {

class flags_of_settings : public testing::Test {
 protected:
  std::vector<config::flag_value> given(const std::string& line) {
    app_.parse(line);
    return flags_.given().value_or(std::vector<config::flag_value>{});
  }

  CLI::App app_;
  setting_flags flags_{app_};
};

struct line_case {
  std::string line;
  std::string key;
  std::string text;
  std::string spelling;
};

TEST_F(flags_of_settings, reach_their_key) {
  for (const auto& [line, key, text, spelling] :
       {line_case{"--listen 127.0.0.1:0", "server.listen", "127.0.0.1:0", "--listen"},
        {"--server-listen=127.0.0.1:0", "server.listen", "127.0.0.1:0", "--server-listen"},
        {"--no-cache", "cache.enabled", "false", "--no-cache"},
        {"--log-access", "log.access", "true", "--log-access"},
        {"--log-access=off", "log.access", "off", "--log-access"},
        {"--server-drain '20 s'", "server.drain", "20 s", "--server-drain"},
        {"--threads 1 --threads 2", "server.threads", "2", "--threads"},
        {"--upstream-openai-api-key-file k", "upstream.openai.api_key_file", "k", "--upstream-openai-api-key-file"},
        {"--set upstream.my-llm.base_url=http://h/v1?a=b", "upstream.my-llm.base_url", "http://h/v1?a=b", "--set"}}) {
    const auto values = given(line);
    ASSERT_EQ(values.size(), 1u) << line;
    EXPECT_EQ(values[0].key, key);
    EXPECT_EQ(values[0].text, text);
    EXPECT_EQ(values[0].spelling, spelling);
  }
}

TEST_F(flags_of_settings, take_several_sets) {
  EXPECT_EQ(given("--set a.b=1 --set c.d=2").size(), 2u);
  app_.parse("--set nonsense");
  EXPECT_EQ(flags_.given().error().code, base::errc::bad_usage);
}

TEST_F(flags_of_settings, refuse_a_value_for_a_switch_that_turns_off) {
  EXPECT_THROW(app_.parse("--no-cache=false"), CLI::ParseError);
}

TEST_F(flags_of_settings, are_unknown_where_misspelt) { EXPECT_THROW(app_.parse("--lissten :1"), CLI::ParseError); }

TEST_F(flags_of_settings, load_with_their_own_origin) {
  app_.parse("--no-cache --config " + std::string("missing.toml"));
  EXPECT_EQ(flags_.config_file(), "missing.toml");
  const config::environment nowhere{.variables = {}, .working_directory = "/nonexistent", .home = "/nonexistent"};
  EXPECT_EQ(flags_.load(nowhere).error().context, "--config names missing.toml, which does not exist");

  app_.parse("--no-cache");
  const auto done = flags_.load(nowhere);
  ASSERT_TRUE(done) << done.error().context;
  EXPECT_FALSE(done->values.cache.enabled);
  for (const auto& one : done->shown) {
    if (one.key == "cache.enabled") EXPECT_EQ(one.origin, "--no-cache");
  }
}

TEST_F(flags_of_settings, show_the_common_ones_in_help) {
  const auto help = app_.help();
  for (const auto* const common : {"--listen", "--admin-listen", "--threads", "--no-cache", "--store", "--log-level"}) {
    EXPECT_NE(help.find(common), std::string::npos) << common;
  }
  EXPECT_EQ(help.find("--cache-llm-ttl-speed"), std::string::npos);
}

}  // namespace
}  // namespace refrain::cli
