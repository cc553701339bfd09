// refrain import: answers from an export into the store (docs/formats/export.md).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "cli/backend.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "cli/transfer/import_tally.h"
#include "cli/transfer/line_reader.h"
#include "cli/transfer/progress.h"

namespace refrain::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_line = (64 << 20) - 1;  // what the admin API takes at once
constexpr std::size_t full_batch = 1 << 20;           // a gateway shall not be held up for long
constexpr int most_tries = 6;

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

  base::result<void> take(line_reader::line one) {
    if (one.too_long) {
      tally_.refuse(one.number, "it is longer than 64 MiB");
      one.text.clear();  // its place in the count of lines stays
    }
    if (batch_.empty()) first_ = one.number;
    const bool full = !batch_.empty() && batch_.size() + one.text.size() >= full_batch;
    if (full) {
      if (auto sent = send(); !sent) return sent;
      first_ = one.number;
    }
    batch_.append(one.text).append("\n");
    return {};
  }

  /// Sends the last batch; then counts what the store has dropped since it responded.
  base::result<void> finish() {
    if (auto sent = send(); !sent) return sent;
    api_.settle();
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
      const auto response = api_.ask({.method = "POST", .target = target_, .body = batch_});
      if (!response) return base::fail(response.error());
      api_.settle();
      const auto dropped = response->number("/dropped");
      dropped_known_ += dropped;
      if (dropped > 0 && tries < most_tries) {
        std::this_thread::sleep_for(100ms * (1 << tries));
        continue;
      }
      tally_.add(*response, first_);
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
    if (auto taken = work.take(*std::move(one)); !taken) return base::fail(taken.error());
    headway now{.entries = static_cast<std::uint64_t>(work.tally().written), .bytes = lines.read()};
    if (size) now.share = static_cast<double>(lines.read()) / static_cast<double>(*size);
    bar.show(now);
  }
  if (from.bad()) return base::fail(base::errc::io, "the input broke off");
  if (auto done = work.finish(); !done) return base::fail(done.error());
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
  const auto file = open_file(flags);
  if (!file) return base::fail(file.error());
  const auto api = open_backend(flags.where, if_missing::make_it);
  if (!api) return base::fail(api.error());
  const auto tally = read_all(**api, *file ? **file : std::cin, size_of(flags), flags);
  if (!tally) return base::fail(tally.error());
  print(flags.where.json ? as_json(*tally) : as_text(*tally, (*api)->name()));
  return tally->good() ? exit_done : exit_failed;
}

}  // namespace

action attach_import(CLI::App& app) { return make_action<import_flags>(app, run); }

}  // namespace refrain::cli
