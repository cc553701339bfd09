// refrain export: cached answers into a file, a line of JSON each (docs/formats/export.md).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/text.h"
#include "cli/answer.h"
#include "cli/backend.h"
#include "cli/command.h"
#include "cli/entry_pages.h"
#include "cli/filter_flags.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "cli/whole_file.h"

namespace refrain::cli {
namespace {

struct export_flags {
  explicit export_flags(CLI::App& app) : filter(app, true) {
    app.add_option("file", file, "Where to write; - or nothing: standard output")->type_name("FILE");
    app.add_flag("--json", json, "The counts as a JSON object, and no progress bar");
    add_backend_flags(app, where);
  }

  filter_flags filter;
  std::string file;
  bool json = false;
  backend_flags where;
};

/// How many entries there are, to tell how far it is; nothing where only some are wanted, or nobody knows.
std::optional<std::int64_t> expected(backend& who, const export_flags& flags) {
  if (!flags.filter.empty()) return std::nullopt;
  const auto health = answer::of(who, {.target = "/api/health", .body = {}});
  const auto count = health ? health->number("/store/entries") : 0;
  return count > 0 ? std::optional{count} : std::nullopt;
}

/// Writes entry by entry, and counts.
class exporter {
 public:
  exporter(backend& who, whole_file& into, const export_flags& flags)
      : who_(who), into_(into), expected_(expected(who, flags)), bar_("exporting", !flags.json) {}

  /// False where it cannot go on: see `fault`.
  bool take(const boost::json::value& row) {
    const auto name = base::percent_encode(answer{row}.text("/name"));
    const auto line = who_.ask({.target = "/api/export/" + name, .body = {}});
    if (!line && line.error().code == base::errc::not_found) return true;  // gone since it was listed
    auto written = line ? into_.write(*line + "\n") : base::fail(line.error());
    if (!written) {
      fault_ = std::move(written).error();
      return false;
    }
    done_.bytes += line->size() + 1;
    ++done_.entries;
    if (expected_) done_.share = static_cast<double>(done_.entries) / static_cast<double>(*expected_);
    bar_.show(done_);
    return true;
  }

  [[nodiscard]] const std::optional<base::error>& fault() const noexcept { return fault_; }
  [[nodiscard]] const headway& done() const noexcept { return done_; }

 private:
  backend& who_;
  whole_file& into_;
  const std::optional<std::int64_t> expected_;
  progress bar_;
  headway done_;
  std::optional<base::error> fault_;
};

base::result<headway> write_all(backend& who, whole_file& into, const export_flags& flags) {
  exporter work{who, into, flags};
  const auto walked = walk_entries(who, flags.filter.query(), "", std::numeric_limits<std::size_t>::max(),
                                   [&work](const auto& row) { return work.take(row); });
  if (work.fault()) return base::fail(*work.fault());
  if (!walked) return base::fail(walked.error());
  if (const auto whole = into.finish(); !whole) return base::fail(whole.error());
  return work.done();
}

std::string summary(const headway& done, const export_flags& flags, const std::string& from) {
  if (flags.json) {
    return boost::json::serialize(boost::json::object{{"exported", done.entries}, {"bytes", done.bytes}}) + "\n";
  }
  return fmt::format("exported {} {}, {}, from {}\n", done.entries, done.entries == 1 ? "entry" : "entries",
                     to_string(base::byte_count{done.bytes}), from);
}

base::result<int> run(const export_flags& flags) {
  const auto who = open_backend(flags.where);
  if (!who) return base::fail(who.error());
  auto file = whole_file::open(flags.file);
  if (!file) return base::fail(file.error());
  const auto done = write_all(**who, *file, flags);
  if (!done) return base::fail(done.error());
  // Where the lines go to standard output, nothing may stand among them.
  fmt::print(file->is_standard_output() ? stderr : stdout, "{}", summary(*done, flags, (*who)->name()));
  return exit_done;
}

}  // namespace

action attach_export(CLI::App& app) { return make_action<export_flags>(app, run); }

}  // namespace refrain::cli
