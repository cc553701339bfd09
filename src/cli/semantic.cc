// refrain semantic: look into how questions are compared.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/encoder/scores.h"
#include "cli/terminal.h"
#include "semantic/guards.h"
#include "semantic/question.h"

namespace refrain::cli {
namespace {

struct pair_flags {
  explicit pair_flags(CLI::App& app) {
    app.add_option("asked", asked, "A question")->required();
    app.add_option("stored", stored, "Another one, whose answer might do")->required();
  }

  std::string asked;
  std::string stored;
};

/// What is decided of two questions in one partition, step by step.
base::result<int> show_pair(const pair_flags& flags) {
  const auto asked = semantic::read(flags.asked);
  const auto stored = semantic::read(flags.stored);
  for (const auto& [name, speaks] : semantic::each_guard(asked, stored)) {
    print(fmt::format("guard {:<10} {}\n", name, speaks ? "speaks against it" : "has no objection"));
  }
  if (const auto shown = print_scores(flags.asked, flags.stored); !shown) return shown;
  const auto fit = semantic::judge_text(asked, true);
  const auto made = semantic::compare(asked, stored);
  if (fit != semantic::reason::served) {
    print(fmt::format("verdict      not matched at all: {}\n", to_string(fit)));
  } else if (!made.may_answer()) {
    print(fmt::format("verdict      no: {}\n", to_string(made.why)));
  } else {
    print(
        fmt::format("verdict      perhaps ({}): served from the score on that was proved, see refrain stats semantic\n",
                    to_string(made.where)));
  }
  return exit_done;
}

}  // namespace

action attach_semantic(CLI::App& app) {
  auto* const pair_command = app.add_subcommand("try", "Show how two questions are compared: guards, scores, verdict");
  const auto pair = std::make_shared<pair_flags>(*pair_command);
  app.require_subcommand(1);
  return [=] { return show_pair(*pair); };
}

}  // namespace refrain::cli
