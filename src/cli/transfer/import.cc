// refrain import: answers from an export into the store (docs/formats/export.md).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/backend.h"
#include "cli/command.h"
#include "cli/readable.h"
#include "cli/terminal.h"
#include "cli/transfer/line_reader.h"
#include "cli/transfer/progress.h"

namespace refrain::cli {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t longest_line = (64 << 20) - 1;  // what the admin API takes at once
constexpr std::size_t full_batch = 1 << 20;           // a gateway shall not be held up for long
constexpr int most_tries = 6;

/// What has become of the lines of an import.
struct import_tally {
  struct fault {
    std::int64_t line = 0;
    std::string why;
  };

  std::int64_t written = 0;
  std::int64_t expired = 0;   ///< their time was over
  std::int64_t purged = 0;    ///< the store was told to forget them
  std::int64_t refused = 0;   ///< no entries, or none for this store
  std::int64_t dropped = 0;   ///< the store could not take them
  std::vector<fault> faults;  ///< the first of those that were refused

  [[nodiscard]] bool good() const noexcept { return refused == 0 && dropped == 0; }

  /// The response to lines of which the first has this number.
  void add(const admin_response& response, std::int64_t first_line);
  void refuse(std::int64_t line, std::string why);
};

constexpr std::size_t most_faults = 10;

/// A count, as the admin API and the JSON name it, and as a person is told of it.
struct counted {
  const char* name;
  std::int64_t import_tally::* count;
  std::string_view told;  ///< empty: on a line of its own
};
constexpr std::array counts{
    counted{"written", &import_tally::written, ""},
    counted{"expired", &import_tally::expired, "left out, as their time is over"},
    counted{"purged", &import_tally::purged, "left out, as they were purged there (--despite-purges takes them)"},
    counted{"dropped", &import_tally::dropped, "lost, as the store did not take them: `refrain doctor` looks at it"},
    counted{"refused", &import_tally::refused, "refused"},
};

void import_tally::refuse(std::int64_t line, std::string why) {
  ++refused;
  if (faults.size() < most_faults) faults.push_back({line, std::move(why)});
}

void import_tally::add(const admin_response& response, std::int64_t first_line) {
  for (const auto& one : counts) this->*one.count += response.number(std::string("/") + one.name);
  for (const auto& one : response.list("/faults")) {
    const admin_response row{one};
    if (faults.size() < most_faults) faults.push_back({first_line + row.number("/line") - 1, row.text("/why")});
  }
}

/// The counts for a person, and the first faults with their lines.
std::string as_text(const import_tally& all, const std::string& into) {
  auto text = fmt::format("imported {} into {}\n", readable_entries(all.written), into);
  for (const auto& [name, count, told] : counts) {
    if (!told.empty() && all.*count > 0) text += fmt::format("{:>8} {}\n", all.*count, told);
  }
  for (const auto& [line, why] : all.faults) text += fmt::format("         line {}: {}\n", line, why);
  if (std::cmp_greater(all.refused, all.faults.size())) text += "         and so on\n";
  return text;
}

std::string as_json(const import_tally& all) {
  json::array faults;
  for (const auto& [line, why] : all.faults) faults.push_back(json::object{{"line", line}, {"why", why}});
  json::object form;
  for (const auto& one : counts) form[one.name] = all.*one.count;
  form["faults"] = std::move(faults);
  return json::serialize(form) + "\n";
}

struct import_flags {
  explicit import_flags(CLI::App& app) {
    app.add_option("file", file, "What to read; - or nothing: standard input")->type_name("FILE");
    app.add_flag("--despite-purges", despite_purges, "Also answers that the store was told to forget");
    where.declare(app, "The counts as a JSON object, and no progress bar");
  }

  [[nodiscard]] bool from_standard_input() const { return file.empty() || file == "-"; }

  std::string file;
  bool despite_purges = false;
  backend_flags where;
};

std::int64_t dropped_so_far(backend& api) {
  const auto health = api.ask({.target = "/api/health"});
  return health ? health->number("/store/writes_dropped") : 0;
}

/// Sends lines in batches and adds up what became of them.
class importer {
 public:
  importer(backend& api, const import_flags& flags)
      : api_(api),
        target_(flags.despite_purges ? "/api/import?despite_purges=true" : "/api/import"),
        dropped_before_(dropped_so_far(api)) {}

  base::result<void> add(line_reader::line one) {
    if (one.too_long) {
      tally_.refuse(one.number, "it is longer than 64 MiB");
      one.text.clear();  // its place in the count of lines stays
    }
    if (batch_.empty()) first_ = one.number;
    const bool full = !batch_.empty() && batch_.size() + one.text.size() >= full_batch;
    if (full) {
      TRY(send());
      first_ = one.number;
    }
    batch_.append(one.text).append("\n");
    return {};
  }

  /// Sends the last batch; then counts what the store has dropped since it responded.
  base::result<void> finish() {
    TRY(send());
    api_.flush();
    const auto late = std::min(dropped_so_far(api_) - dropped_before_ - dropped_known_, tally_.written);
    if (late > 0) {
      tally_.written -= late;
      tally_.dropped += late;
    }
    return {};
  }

  [[nodiscard]] const import_tally& tally() const noexcept { return tally_; }

 private:
  /// A store whose queue is full drops what comes: that batch comes again, a moment later.
  base::result<void> send() {
    if (batch_.empty()) return {};
    for (int tries = 1;; ++tries) {
      const auto response = TRY(api_.ask({.method = "POST", .target = target_, .body = batch_}));
      api_.flush();
      const auto dropped = response.number("/dropped");
      dropped_known_ += dropped;
      if (dropped > 0 && tries < most_tries) {
        std::this_thread::sleep_for(100ms * (1 << tries));
        continue;
      }
      tally_.add(response, first_);
      batch_.clear();
      return {};
    }
  }

  backend& api_;
  const std::string target_;
  const std::int64_t dropped_before_;
  std::int64_t dropped_known_ = 0;
  std::string batch_;
  std::int64_t first_ = 1;  ///< the number of the batch's first line
  import_tally tally_;
};

base::result<import_tally> read_all(backend& api, std::istream& from, std::optional<std::uint64_t> size,
                                    const import_flags& flags) {
  line_reader lines{from, longest_line};
  importer work{api, flags};
  progress bar{"importing", !flags.where.json};
  while (auto one = lines.next()) {
    TRY(work.add(*std::move(one)));
    headway now{.entries = static_cast<std::uint64_t>(work.tally().written), .bytes = lines.read()};
    if (size) now.share = static_cast<double>(lines.read()) / static_cast<double>(*size);
    bar.show(now);
  }
  if (from.bad()) return base::fail(base::errc::io, "the input broke off");
  TRY(work.finish());
  return work.tally();
}

/// Opened before the store, so that a file that cannot be read makes none.
base::result<std::unique_ptr<std::ifstream>> open_file(const import_flags& flags) {
  if (flags.from_standard_input()) return nullptr;
  auto file = std::make_unique<std::ifstream>(flags.file, std::ios::binary);
  if (!*file) return base::fail(base::errc::io, fmt::format("cannot read {}", flags.file));
  return file;
}

/// How much there is to read; nothing where that is not known, as of a pipe.
std::optional<std::uint64_t> size_of(const import_flags& flags) {
  std::error_code unknown;
  const auto size = flags.from_standard_input() ? 0 : std::filesystem::file_size(flags.file, unknown);
  return unknown || size == 0 ? std::nullopt : std::optional<std::uint64_t>{size};
}

base::result<int> run(const import_flags& flags) {
  const auto file = TRY(open_file(flags));
  const auto api = TRY(open_backend(flags.where, if_missing::make_it));
  const auto tally = TRY(read_all(*api, file ? *file : std::cin, size_of(flags), flags));
  print(flags.where.json ? as_json(tally) : as_text(tally, api->name()));
  return tally.good() ? exit_done : exit_failed;
}

}  // namespace

action attach_import(CLI::App& app) { return make_action<import_flags>(app, run); }

}  // namespace refrain::cli
