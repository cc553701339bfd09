// The command line as a whole: help, wrong usage, documents.
#include "cli/main.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "app/version.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/help.h"
#include "support/cli/run_line.h"

namespace refrain::cli {
namespace {

TEST(command_line, lists_the_commands_and_fails_where_none_is_given) {
  const auto asked = run_line({"--help"});
  EXPECT_EQ(asked.code, exit_done);
  for (const auto& each : commands()) EXPECT_NE(asked.out.find(each.name), std::string::npos) << each.name;
  const auto nothing = run_line({});
  EXPECT_EQ(nothing.code, exit_usage);
  EXPECT_EQ(nothing.err, asked.out);
}

TEST(command_line, tells_its_version) {
  EXPECT_EQ(run_line({"--version"}).out, "refrain " + std::string(app::version) + "\n");
}

TEST(command_line, helps_with_every_command_within_a_page) {
  for (const auto& each : commands()) {
    const auto page = run_line({"help", std::string(each.name)});
    EXPECT_EQ(page.code, exit_done);
    EXPECT_EQ(page.out, run_line({std::string(each.name), "--help"}).out);
    EXPECT_TRUE(page.out.starts_with(each.summary)) << page.out;
    EXPECT_LE(std::ranges::count(page.out, '\n'), 50) << page.out;
  }
}

TEST(command_line, fits_its_help_into_narrow_terminals) {
  for (const auto* const columns : {"40", "60", "80", "100", "300"}) {
    ::setenv("COLUMNS", columns, 1);
    const auto most = std::min(std::stoul(columns), 100UL);
    std::vector<std::vector<std::string>> pages{{"--help"}};
    for (const auto& each : commands()) pages.push_back({std::string(each.name), "--help"});
    for (const auto& words : pages) {
      std::istringstream lines{run_line(words).out};
      for (std::string line; std::getline(lines, line);) {
        EXPECT_TRUE(line.size() <= most || !base::trim(line).contains(' ')) << columns << ": " << line;
      }
    }
  }
  ::unsetenv("COLUMNS");
}

struct wrong_line {
  std::vector<std::string> words;
  std::string_view said;
};

TEST(command_line, names_the_nearest_right_word_on_one_line) {
  for (const auto& [words, said] : std::initializer_list<wrong_line>{
           {{"serv"}, "refrain: there is no command serv; did you mean serve? (refrain --help)\n"},
           {{"--verison"}, "refrain: there is no flag --verison; did you mean --version? (refrain --help)\n"},
           {{"config", "--jsno"},
            "refrain config: there is no flag --jsno; did you mean --json? (refrain config --help)\n"},
           {{"run", "--lisen", ":0", "--", "true"},
            "refrain run: there is no flag --lisen; did you mean --listen? (refrain run --help)\n"},
           {{"doctor", "now"}, "refrain doctor: 'now' is one word too many (refrain doctor --help)\n"},
           {{"help", "srve"}, "refrain: there is no command srve; did you mean serve? (refrain --help)\n"}}) {
    const auto wrong = run_line(words);
    EXPECT_EQ(wrong.code, exit_usage);
    EXPECT_EQ(wrong.err, said);
    EXPECT_EQ(wrong.out, "");
  }
}

TEST(command_line, refuses_bad_values_on_one_line) {
  for (const auto& words : {std::vector<std::string>{"bench", "--connections", "many"},
                            {"bench", "--connections", "0"},
                            {"bench", "--url", "http://api.example.com/v1"},
                            {"completion", "fish"},
                            {"completion"},
                            {"run"}}) {
    const auto wrong = run_line(words);
    EXPECT_EQ(wrong.code, exit_usage) << words.front();
    EXPECT_EQ(std::ranges::count(wrong.err, '\n'), 1) << wrong.err;
  }
}

std::string committed(const std::string& name) {
  // This file's place in the tree leads to the documents.
  const auto root = std::string(__FILE__).substr(0, std::string(__FILE__).rfind("/src/"));
  std::ifstream file(root + "/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(documents_of_commands, are_not_stale) {
  EXPECT_EQ(committed("docs/reference/commands.md"), reference_of_commands())
      << "refrain help --markdown > docs/reference/commands.md";
  EXPECT_EQ(committed("docs/reference/refrain.1"), manual_page()) << "refrain help --man > docs/reference/refrain.1";
}

/// Exit status of a shell that is asked to `arguments` with the script as a file.
int ask_shell(const std::string& shell, const std::string& script, const std::string& after) {
  auto path = testing::TempDir() + "refrain-completion-XXXXXX";
  const int handle = ::mkstemp(path.data());
  if (handle < 0) return -1;
  std::ofstream(path) << script << after;
  ::close(handle);
  const int status = std::system((shell + " '" + path + "'").c_str());
  ::unlink(path.c_str());
  return status;
}

/// Bash code that completes a line and fails unless the proposals hold `expected`.
std::string completes(std::string_view words, int at, std::string_view expected) {
  return "\nCOMP_WORDS=(" + std::string(words) + "); COMP_CWORD=" + std::to_string(at) +
         "; COMPREPLY=(); _refrain; [[ \" ${COMPREPLY[*]} \" == *\" " + std::string(expected) + " \"* ]] || exit 1\n";
}

TEST(bash_completion, parses_and_proposes) {
  const auto script = run_line({"completion", "bash"}).out;
  EXPECT_EQ(ask_shell("bash -n", script, ""), 0);
  EXPECT_EQ(ask_shell("bash", script, completes("refrain se", 1, "serve")), 0);
  EXPECT_EQ(ask_shell("bash", script, completes("refrain serve --lis", 2, "--listen")), 0);
  EXPECT_EQ(ask_shell("bash", script, completes("refrain serve --server-dr", 2, "--server-drain")), 0);
  EXPECT_EQ(ask_shell("bash", script, completes("refrain run -- bas", 3, "bash")), 0);
  EXPECT_NE(ask_shell("bash", script, completes("refrain mock --lis", 2, "--admin-listen")), 0) << "the test can fail";
}

TEST(zsh_completion, parses) {
  if (std::system("command -v zsh >/dev/null") != 0) GTEST_SKIP() << "zsh is not installed";
  EXPECT_EQ(ask_shell("zsh -n", run_line({"completion", "zsh"}).out, ""), 0);
}

}  // namespace
}  // namespace refrain::cli
