// refrain export: cached answers into a file, a line of JSON each (docs/formats/export.md).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/text.h"
#include "cli/backend.h"
#include "cli/command.h"
#include "cli/entry_pages.h"
#include "cli/filter_flags.h"
#include "cli/readable.h"
#include "cli/transfer/progress.h"
#include "cli/transfer/whole_file.h"

namespace refrain::cli {
namespace {

struct export_flags {
  explicit export_flags(CLI::App& app) : filter(app, true) {
    app.add_option("file", file, "Where to write; - or nothing: standard output")->type_name("FILE");
    where.declare(app, "The counts as a JSON object, and no progress bar");
  }

  filter_flags filter;
  std::string file;
  backend_flags where;
};

/// How many entries there are, for the progress bar; nothing where only some are wanted, or the number is not known.
std::optional<std::int64_t> expected(backend& api, const export_flags& flags) {
  if (!flags.filter.empty()) return std::nullopt;
  const auto health = api.ask({.target = "/api/health"});
  const auto count = health ? health->number("/store/entries") : 0;
  return count > 0 ? std::optional{count} : std::nullopt;
}

/// Writes entry by entry, and counts.
base::result<headway> write_all(backend& api, whole_file& into, const export_flags& flags) {
  const auto all = expected(api, flags);
  progress bar{"exporting", !flags.where.json};
  headway done;
  const auto write = [&](const admin_response& row) -> base::result<bool> {
    const auto line = api.send({.target = "/api/export/" + base::percent_encode(row.text("/name"))});
    if (!line && line.error().code == base::errc::not_found) return true;  // gone since it was listed
    if (!line) return base::fail(line.error());
    TRY(into.write(*line + "\n"));
    done.bytes += line->size() + 1;
    ++done.entries;
    if (all) done.share = static_cast<double>(done.entries) / static_cast<double>(*all);
    bar.show(done);
    return true;
  };
  (void)TRY(walk_entries(api, flags.filter.query(), write));
  TRY(into.finish());
  return done;
}

std::string summary(const headway& done, const export_flags& flags, const std::string& from) {
  if (flags.where.json) {
    return boost::json::serialize(boost::json::object{{"exported", done.entries}, {"bytes", done.bytes}}) + "\n";
  }
  return fmt::format("exported {}, {}, from {}\n", readable_entries(done.entries),
                     to_string(base::byte_count{done.bytes}), from);
}

base::result<int> run(const export_flags& flags) {
  const auto api = TRY(open_backend(flags.where));
  auto file = TRY(whole_file::open(flags.file));
  const auto done = TRY(write_all(*api, file, flags));
  // Where the lines go to standard output, nothing may stand among them.
  fmt::print(file.is_standard_output() ? stderr : stdout, "{}", summary(done, flags, api->name()));
  return exit_done;
}

}  // namespace

action attach_export(CLI::App& app) { return make_action<export_flags>(app, run); }

}  // namespace refrain::cli
