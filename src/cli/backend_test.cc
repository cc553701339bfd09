// The commands that ask a gateway or a store, and both ways of asking.
#include "cli/backend.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "admin/plane.h"
#include "app/run_file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/entry_pages.h"
#include "store/registry.h"
#include "support/admin/fixtures.h"
#include "support/cli/run_line.h"

namespace refrain::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// Standard input that is no terminal.
class no_terminal {
 public:
  no_terminal() : before_(::dup(STDIN_FILENO)) {
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::close(nothing);
  }
  ~no_terminal() {
    ::dup2(before_, STDIN_FILENO);
    ::close(before_);
  }
  no_terminal(const no_terminal&) = delete;
  no_terminal& operator=(const no_terminal&) = delete;

 private:
  int before_;
};

/// A home of its own, and one command line after the other in it.
class asking_commands : public testing::Test {
 protected:
  asking_commands() {
    std::string name = (fs::temp_directory_path() / "refrain-cli-XXXXXX").string();
    home_ = ::mkdtemp(name.data());
    ::setenv("XDG_STATE_HOME", home_.c_str(), 1);
    ::setenv("XDG_DATA_HOME", home_.c_str(), 1);
  }
  ~asking_commands() override {
    for (const auto* const one : {"XDG_STATE_HOME", "XDG_DATA_HOME", "REFRAIN_ADMIN_URL", "REFRAIN_ADMIN_TOKEN"}) {
      ::unsetenv(one);
    }
    fs::remove_all(home_);
  }

  static outcome run(const std::string& line) {
    std::vector<std::string> words;
    for (const auto word : base::split(line, ' ')) words.emplace_back(word == "''" ? "" : word);
    return run_line(std::move(words));
  }

  fs::path home_;
};

/// With a gateway's admin plane over a store in a vector.
class commands_with_a_gateway : public asking_commands {
 protected:
  commands_with_a_gateway() {
    plane_ =
        *admin::plane::open(scene_.look(), base::secret{"the-token-of-this-test"}, {.host = "127.0.0.1", .port = 0});
    plane_->start();
    ::setenv("REFRAIN_ADMIN_URL", url().c_str(), 1);
    ::setenv("REFRAIN_ADMIN_TOKEN", "the-token-of-this-test", 1);
  }

  [[nodiscard]] std::string url() const { return "http://" + plane_->bound().to_string(); }
  std::string put(std::string_view seed) {
    auto made = admin::testing::make_entry(seed, "the body of " + std::string(seed), scene_.clock.seconds());
    store_.put(made);
    return made->about.id.digest.hex();
  }

  admin::testing::vector_store store_;
  admin::testing::scene scene_{store_};
  std::unique_ptr<admin::plane> plane_;
};

TEST_F(commands_with_a_gateway, stats_show_both_accounts) {
  scene_.money.record({.upstream = "openai", .model = "gpt-4o", .cost = entry::micro_usd{2'000}});
  scene_.money.record(
      {.outcome = entry::outcome::hit, .upstream = "openai", .model = "gpt-4o", .cost = entry::micro_usd{2'000}});
  const auto shown = run("stats");
  EXPECT_EQ(shown.code, exit_done) << shown.err;
  for (const auto* const part : {"the gateway at http://127.0.0.1:", "since start", "50.0 %", "$0.002000", "gpt-4o"}) {
    EXPECT_NE(shown.out.find(part), std::string::npos) << part << " in\n" << shown.out;
  }
  EXPECT_EQ(json::parse(run("stats --json --days 3").out).at("days"), 3);
}

TEST_F(commands_with_a_gateway, entries_are_listed_shown_and_deleted_by_the_beginning_of_their_digest) {
  const auto digest = put("hello");
  put("world");
  const auto listed = run("entries --text hell");
  EXPECT_NE(listed.out.find(digest.substr(0, 16)), std::string::npos) << listed.out;
  EXPECT_EQ(listed.out.find("world"), std::string::npos);
  EXPECT_NE(run("entries list --limit 1").out.find("--all"), std::string::npos);
  EXPECT_EQ(json::parse(run("entries list --all --json").out).at("entries").as_array().size(), 2U);

  const auto shown = run("entries get " + digest.substr(0, 12));
  EXPECT_NE(shown.out.find("the body of hello"), std::string::npos) << shown.err;
  EXPECT_EQ(json::parse(run("entries get --json llm:exact:" + digest).out).at("body"), "the body of hello");

  EXPECT_EQ(run("entries delete " + digest).code, exit_done);
  EXPECT_EQ(run("entries delete " + digest).code, exit_failed);
  EXPECT_EQ(store_.status().entries, 1U);
}

TEST_F(commands_with_a_gateway, purge_wants_a_choice) {
  put("hello");
  EXPECT_EQ(run("purge").code, exit_usage);
  EXPECT_EQ(run("purge --all --model x").code, exit_usage);
  EXPECT_EQ(run("purge --type nonsense").code, exit_usage);
  EXPECT_EQ(run("purge --model ''").code, exit_usage);
  EXPECT_EQ(store_.status().entries, 1U);
  EXPECT_EQ(run("purge --model gpt-4 --yes").out, "forgot 0 entries\n");
  EXPECT_EQ(run("purge --provider openai --older-than 0s --tag demo").out, "forgot 0 entries\n");
  EXPECT_EQ(run("purge --all --yes").out, "forgot 1 entry\n");
}

TEST_F(commands_with_a_gateway, purge_of_everything_wants_a_yes_where_no_terminal_is) {
  put("hello");
  const no_terminal here;
  const auto refused = run("purge --all");
  EXPECT_EQ(refused.code, exit_usage);
  EXPECT_TRUE(refused.err.contains("--yes")) << refused.err;
  EXPECT_EQ(store_.status().entries, 1U);
}

TEST_F(commands_with_a_gateway, purge_takes_the_name_of_a_tenant_and_lists_those_that_are_known) {
  scene_.configuration->values.clients = {{"web", {}}};
  put("hello");
  EXPECT_EQ(run("purge --tenant web").out, "forgot 0 entries\n");
  const auto refused = run("purge --tenant wep");
  EXPECT_NE(refused.code, exit_done);
  EXPECT_TRUE(refused.err.contains("known are alice, web")) << refused.err;
  EXPECT_EQ(run("purge --tenant alice").out, "forgot 1 entry\n");
}

TEST_F(commands_with_a_gateway, a_wrong_token_is_told_with_its_mend) {
  ::setenv("REFRAIN_ADMIN_TOKEN", "another-token-altogether", 1);
  const auto refused = run("stats");
  EXPECT_EQ(refused.code, exit_failed);
  EXPECT_NE(refused.err.find("REFRAIN_ADMIN_TOKEN"), std::string::npos);
  EXPECT_EQ(refused.err.find("another-token"), std::string::npos);
}

TEST_F(commands_with_a_gateway, one_that_was_given_a_token_of_its_own_asks_for_that) {
  ::unsetenv("REFRAIN_ADMIN_URL");
  ::unsetenv("REFRAIN_ADMIN_TOKEN");
  const auto state = home_ / "refrain";
  ASSERT_TRUE(admin::load_or_make_token(state)) << "an earlier gateway's";
  const app::run_file announced{state, {.data_plane = "127.0.0.1:1", .admin_plane = plane_->bound().to_string()}};
  const auto refused = run("stats");
  EXPECT_EQ(refused.code, exit_failed);
  EXPECT_NE(refused.err.find("admin.token"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("REFRAIN_ADMIN_TOKEN"), std::string::npos) << refused.err;
  EXPECT_EQ(refused.err.find("admin-token"), std::string::npos) << "that file would not help";
}

TEST_F(commands_with_a_gateway, a_refused_token_is_told_by_where_it_came_from) {
  ::unsetenv("REFRAIN_ADMIN_URL");
  const auto state = home_ / "refrain";
  ASSERT_TRUE(admin::load_or_make_token(state));
  const auto file = admin::token_file(state).string();
  const app::run_file announced{
      state, {.data_plane = "127.0.0.1:1", .admin_plane = plane_->bound().to_string(), .token_file = file}};
  ::setenv("REFRAIN_ADMIN_TOKEN", "another-token-altogether", 1);
  const auto configured = run("stats").err;
  EXPECT_NE(configured.find("unset"), std::string::npos) << configured;
  EXPECT_NE(configured.find(file), std::string::npos) << configured;
  ::unsetenv("REFRAIN_ADMIN_TOKEN");
  const auto kept = run("stats").err;
  EXPECT_NE(kept.find("refuses the token in " + file), std::string::npos) << kept;
}

TEST_F(commands_with_a_gateway, a_gateway_that_runs_here_is_found_by_its_run_file) {
  ::unsetenv("REFRAIN_ADMIN_URL");
  ::unsetenv("REFRAIN_ADMIN_TOKEN");
  const auto state = home_ / "refrain";
  const app::run_file announced{state,
                                {.data_plane = "127.0.0.1:1",
                                 .admin_plane = plane_->bound().to_string(),
                                 .token_file = admin::token_file(state).string()}};
  EXPECT_EQ(run("stats").code, exit_failed) << "the token is not known yet";
  ASSERT_TRUE(admin::load_or_make_token(state));
  EXPECT_NE(run("stats").err.find("token"), std::string::npos) << "this one is another's";
  ::setenv("REFRAIN_ADMIN_TOKEN", "the-token-of-this-test", 1);
  EXPECT_EQ(run("stats").code, exit_done);
}

TEST_F(asking_commands, open_the_store_themselves_where_no_gateway_runs) {
  const auto file = home_ / "cache.db";
  const auto where = " --store sqlite:" + file.string();
  EXPECT_NE(run("entries" + where).out.find("not there yet"), std::string::npos);
  EXPECT_FALSE(fs::exists(file)) << "looking made a store";
  {
    const auto store = *store::open_store({.url = "sqlite:" + file.string()});
    store->put(admin::testing::make_entry("hello", "the body", base::system_clock().seconds()));
    store->flush();
  }
  const auto listed = run("entries" + where);
  EXPECT_NE(listed.out.find("hello"), std::string::npos) << listed.out << listed.err;
  const auto stats = run("stats" + where);
  EXPECT_NE(stats.out.find("1 entries"), std::string::npos) << stats.out;
  EXPECT_EQ(run("purge --all" + where + " --yes").out, "forgot 1 entry\n");
  EXPECT_EQ(json::parse(run("entries --json" + where).out).at("entries").as_array().size(), 0U);
}

TEST_F(asking_commands, leave_a_file_alone_that_is_no_store) {
  const auto file = home_ / "notes.txt";
  std::ofstream{file} << "my notes";
  for (const auto* const command : {"stats", "entries", "entries get abcd", "purge --all --yes", "export"}) {
    const auto refused = run(std::string(command) + " --store sqlite:" + file.string());
    EXPECT_NE(refused.code, exit_done) << command;
    EXPECT_TRUE(refused.err.contains("no store of Refrain's")) << refused.err;
  }
  EXPECT_EQ(fs::file_size(file), 8U);
  EXPECT_EQ(std::distance(fs::directory_iterator{home_}, {}), 1);
}

TEST_F(asking_commands, say_that_a_memory_store_has_nothing_outside_its_gateway) {
  const auto refused = run("stats --store memory:");
  EXPECT_EQ(refused.code, exit_failed);
  EXPECT_NE(refused.err.find("refrain serve"), std::string::npos);
}

TEST_F(asking_commands, say_that_nobody_answers) {
  ::setenv("REFRAIN_ADMIN_TOKEN", "some-token-or-other", 1);
  EXPECT_EQ(run("stats --admin-url http://127.0.0.1:1").code, exit_failed);
  EXPECT_EQ(run("stats --admin-url nonsense").code, exit_usage);
  ::unsetenv("REFRAIN_ADMIN_TOKEN");
  EXPECT_EQ(run("stats --admin-url http://192.0.2.1:7338").code, exit_usage)
      << "this machine's token is shown to no other";
}

TEST(responses_of_the_api, keep_their_errors) {
  EXPECT_EQ(read_response(200, R"({"a":1})"), R"({"a":1})");
  const auto gone = read_response(404, R"({"error":{"code":"not_found","message":"no such entry"}})");
  EXPECT_EQ(gone.error().code, base::errc::not_found);
  EXPECT_EQ(gone.error().context, "no such entry");
  EXPECT_EQ(read_response(400, R"({"error":{"code":"of_a_later_version","message":"x"}})").error().code,
            base::errc::internal);
  EXPECT_EQ(read_response(502, "<html>").error().code, base::errc::io);
  EXPECT_EQ(read_response(200, "<html>").error().code, base::errc::io);
}

}  // namespace
}  // namespace refrain::cli
