// refrain feedback: say that a similar question's answer was wrong or right.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "cli/backend.h"
#include "cli/command.h"
#include "cli/terminal.h"

namespace refrain::cli {
namespace {

struct feedback_flags {
  explicit feedback_flags(CLI::App& app) {
    app.add_option("entry", entry, "The answer's entry, as its x-refrain-entry header says")->required();
    app.add_option("verdict", verdict, "Whether it was wrong or right for the question that was asked")
        ->required()
        ->check(CLI::IsMember({"wrong", "right"}));
    where.declare(app, "The admin API's JSON instead of a line");
  }

  std::string entry;
  std::string verdict;
  backend_flags where;
};

base::result<int> run(const feedback_flags& flags) {
  const auto api = TRY(open_backend(flags.where));
  const boost::json::object said{{"entry", flags.entry}, {"verdict", flags.verdict}};
  const auto done = TRY(api->ask({.method = "POST", .target = "/api/feedback", .body = boost::json::serialize(said)}));
  print(flags.where.json ? done.line() : fmt::format("noted: {} was {}\n", flags.entry.substr(0, 16), flags.verdict));
  return exit_done;
}

}  // namespace

action attach_feedback(CLI::App& app) { return make_action<feedback_flags>(app, run); }

}  // namespace refrain::cli
