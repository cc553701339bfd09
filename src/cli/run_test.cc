// refrain run with real commands, in a home of its own.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include "cli/command.h"
#include "mock/server.h"
#include "support/cli/run_line.h"

namespace refrain::cli {
namespace {

namespace fs = std::filesystem;

/// One question to the gateway that OPENAI_BASE_URL names, over bash's own sockets; fails unless the answer says
/// `x-refrain-cache: $1`.
constexpr std::string_view ask = R"(
  place=${OPENAI_BASE_URL#http://}; place=${place%/v1}
  body='{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}'
  exec 3<>"/dev/tcp/${place%:*}/${place#*:}" || exit 9
  printf 'POST /v1/chat/completions HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n' "$place" >&3
  printf 'Content-Length: %d\r\nConnection: close\r\n\r\n%s' "${#body}" "$body" >&3
  answer=$(tr -d '\r\0' <&3)
  [[ ${answer,,} == *"x-refrain-cache: ${1,,}"* ]] || { echo "$answer" >&2; exit 8; }
)";

class refrain_run : public testing::Test {
 protected:
  refrain_run() : before_(fs::current_path()) {
    auto pattern = (fs::temp_directory_path() / "refrain-run-XXXXXX").string();
    home = ::mkdtemp(pattern.data());
    fs::current_path(home);
    set("HOME", home.string());
    for (const auto* const each : {"XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "OPENAI_API_KEY",
                                   "OPENAI_API_BASE", "OPENAI_BASE_URL", "HTTP_PROXY", "http_proxy", "REDIS_URL"}) {
      set(each, std::nullopt);
    }
  }
  ~refrain_run() override {
    fs::current_path(before_);
    for (const auto& [name, value] : kept_) put(name, value);
    fs::remove_all(home);
  }

  void set(const std::string& name, const std::optional<std::string>& value) {
    const char* const old = std::getenv(name.c_str());
    kept_.emplace(name, old == nullptr ? std::nullopt : std::optional<std::string>(old));
    put(name, value);
  }

  /// Runs it and keeps what it wrote to standard error.
  int run(std::vector<std::string> words) {
    words.insert(words.begin(), "run");
    const auto done = run_line(std::move(words));
    said = done.err;
    return done.code;
  }

  [[nodiscard]] std::string read(const fs::path& name) const {
    std::ifstream file(home / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path home;
  std::string said;

 private:
  static void put(const std::string& name, const std::optional<std::string>& value) {
    if (value) {
      ::setenv(name.c_str(), value->c_str(), 1);
    } else {
      ::unsetenv(name.c_str());
    }
  }

  fs::path before_;
  std::map<std::string, std::optional<std::string>> kept_;
};

TEST_F(refrain_run, exits_as_its_command_does) {
  EXPECT_EQ(run({"--", "sh", "-c", "exit 3"}), 3);
  EXPECT_EQ(run({"sh", "-c", "kill -TERM $$"}), 128 + 15) << "the -- may be left out";
  EXPECT_EQ(run({"--", "refrain-no-such-command"}), 127);
  EXPECT_EQ(said, "refrain run: cannot run refrain-no-such-command: command not found\n");
}

TEST_F(refrain_run, says_what_came_of_it_on_one_line) {
  EXPECT_EQ(run({"--", "true"}), 0);
  EXPECT_EQ(said, "refrain: no request came through; does the command read OPENAI_BASE_URL or its like?\n");
}

TEST_F(refrain_run, leads_its_command_to_a_port_of_its_own) {
  set("REFRAIN_SERVER_LISTEN", "127.0.0.1:7337");
  EXPECT_EQ(run({"--", "sh", "-c", "printf %s \"$OPENAI_BASE_URL\" > url"}), 0) << said;
  EXPECT_TRUE(read("url").starts_with("http://127.0.0.1:")) << read("url");
  EXPECT_FALSE(read("url").starts_with("http://127.0.0.1:7337/")) << "that is for the gateway that always runs";
}

TEST_F(refrain_run, refuses_a_wrong_configuration_before_the_command_starts) {
  EXPECT_EQ(run({"--threads", "many", "--", "touch", "started"}), exit_usage);
  EXPECT_TRUE(said.contains("server.threads")) << said;
  EXPECT_FALSE(fs::exists(home / "started"));
}

TEST_F(refrain_run, asks_upstream_once_and_keeps_the_answer_between_runs) {
  mock::server provider(mock::options{});
  const auto port = provider.start();
  ASSERT_TRUE(port) << port.error().context;
  // The user's own variable says where the upstream is; the command is given the gateway's.
  set("OPENAI_BASE_URL", "http://127.0.0.1:" + std::to_string(*port) + "/v1");

  EXPECT_EQ(run({"--", "bash", "-c", std::string(ask), "bash", "MISS"}), 0) << said;
  EXPECT_TRUE(said.starts_with("refrain: 0 of 1 answered from the cache")) << said;
  EXPECT_EQ(run({"--", "bash", "-c", std::string(ask), "bash", "HIT"}), 0) << said;
  EXPECT_TRUE(said.starts_with("refrain: 1 of 1 answered from the cache, $0.0")) << said;
  EXPECT_EQ(provider.counters().calls, 1u);
}

}  // namespace
}  // namespace refrain::cli
