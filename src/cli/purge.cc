// refrain purge: forget cached answers.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>

#include "cli/backend.h"
#include "cli/command.h"
#include "cli/filter_flags.h"
#include "cli/readable.h"
#include "cli/terminal.h"

namespace refrain::cli {
namespace {

struct purge_flags {
  explicit purge_flags(CLI::App& app) : filter(app, false) {
    app.add_flag("--all", all, "Forget every answer")->group("Which answers");
    app.add_flag("--yes,-y", yes, "Do not ask back");
    where.declare(app, "The admin API's JSON instead of a line");
  }

  filter_flags filter;
  bool all = false;
  bool yes = false;
  backend_flags where;
};

std::string line_of(const admin_response& done) {
  return fmt::format("forgot {}\n", readable_entries(done.number("/removed")));
}

base::result<int> run(const purge_flags& flags) {
  if (flags.filter.empty() != flags.all) {
    return base::fail(base::errc::bad_usage, flags.all ? "--all and a choice contradict each other; give one"
                                                       : "say which answers to forget, as in --model gpt-4o, or --all");
  }
  if (flags.all && !flags.yes && !can_ask()) {
    return base::fail(base::errc::bad_usage,
                      "--all forgets every answer, and no terminal is there to ask back: add --yes");
  }
  const auto api = TRY(open_backend(flags.where));
  if (flags.all && !flags.yes && !confirmed(fmt::format("Forget every answer in {}?", api->name()))) {
    fmt::print(stderr, "refrain purge: nothing was forgotten\n");
    return exit_failed;
  }
  const auto done = TRY(api->ask(
      {.method = "POST", .target = "/api/purge", .body = flags.all ? R"({"all":true})" : flags.filter.json()}));
  print(flags.where.json ? done.line() : line_of(done));
  return exit_done;
}

}  // namespace

action attach_purge(CLI::App& app) { return make_action<purge_flags>(app, run); }

}  // namespace refrain::cli
