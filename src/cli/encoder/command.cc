// refrain encoder: the models that read questions.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/folders.h"
#include "base/bytes.h"
#include "cli/command.h"
#include "cli/encoder/fetch.h"
#include "cli/encoder/scores.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "config/load.h"
#include "encoder/installed.h"
#include "encoder/pair_scorer.h"

namespace refrain::cli {
namespace {

using base::errc;
using base::fail;
using encoder::known_encoder;

struct name_flags {
  explicit name_flags(CLI::App& app) {
    std::vector<std::string> names;
    for (const auto& one : encoder::known_encoders()) names.emplace_back(one.name);
    app.add_option("name", name, "Its name, as `refrain encoder list` has it")
        ->check(CLI::IsMember(names))
        ->capture_default_str();
  }

  [[nodiscard]] const known_encoder& model() const { return *encoder::find_encoder(name); }

  std::string name{encoder::known_encoders().front().name};
};

struct try_flags {
  explicit try_flags(CLI::App& app) {
    app.add_option("first", first, "A text")->required();
    app.add_option("second", second, "Another")->required();
  }

  std::string first;
  std::string second;
};

std::filesystem::path data_folder() { return app::folders_of(config::process_environment()).data; }

base::result<std::filesystem::path> folder_of(const known_encoder& model) {
  auto folder = encoder::folder_of(model, data_folder());
  if (!folder.empty()) return folder;
  return fail(errc::bad_config, "neither HOME nor XDG_DATA_HOME is set: say where with REFRAIN_ENCODER_FOLDER=FOLDER");
}

base::result<int> list() {
  table rows{{{.title = "name"},
              {.title = "model"},
              {.title = "language"},
              {.title = "size", .aligned = side::right},
              {.title = "state"},
              {.title = "folder"}}};
  for (const auto& one : encoder::known_encoders()) {
    const auto found = encoder::find_installed(one.name, data_folder());
    const auto* const state = found                                   ? "installed"
                              : found.error().code == errc::not_found ? "not installed"
                                                                      : "another size";
    rows.add({std::string{one.name}, std::string{one.model}, std::string{one.languages},
              to_string(base::byte_count{one.size()}), state, encoder::folder_of(one, data_folder()).string()});
  }
  print(rows.text(prints_in_colour(), columns_to_print()));
  return exit_done;
}

/// Standard output has the folder alone, for scripts.
base::result<int> pull(const name_flags& flags) {
  const auto folder = TRY(folder_of(flags.model()));
  if (!encoder::verify(flags.model(), folder)) TRY(fetch(flags.model(), folder));
  print(folder.string() + "\n");
  return exit_done;
}

base::result<int> verify(const name_flags& flags) {
  const auto folder = TRY(folder_of(flags.model()));
  if (const auto right = encoder::verify(flags.model(), folder); !right) {
    return fail(right.error().code, fmt::format("{}: refrain encoder pull {}", right.error().context, flags.name));
  }
  print(fmt::format("{} in {} is right to the bit\n", flags.name, folder.string()));
  return exit_done;
}

template <class Work>
double milliseconds_of(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

/// Each is computed twice: what is measured is the second time, as a gateway at work takes it.
base::result<int> print_scores(const std::string& first, const std::string& second) {
  const auto& model = encoder::known_encoders().front();
  const auto found = TRY(encoder::find_installed(model.name, data_folder()));
  const auto by = TRY(encoder::sentence_encoder::open(found.folder, found.rules));
  encoder::workspace with;
  std::vector<float> vectors;
  const auto encode = [&] { vectors = by.encode(std::array{first, second}, with); };
  encode();
  const auto for_vectors = milliseconds_of(encode);
  const auto cosine = encoder::kernels_here().dot(vectors.data(), vectors.data() + by.width(), by.width());
  print(fmt::format("cosine       {:.3f} {:>8.1f} ms\n", cosine, for_vectors));
  if (encoder::embedded_scorer.empty()) return exit_done;
  const auto scorer = TRY(encoder::pair_scorer::open(found.folder, encoder::embedded_scorer));
  if (scorer.encoder() != found.weights) return exit_done;
  double likely = 0;
  const std::array pairs{encoder::pair_scorer::pair{first, second}};
  const auto score = [&] { likely = scorer.score(pairs, with).front(); };
  score();
  const auto for_score = milliseconds_of(score);
  print(fmt::format("same answer  {:.3f} {:>8.1f} ms\n", likely, for_score));
  return exit_done;
}

action attach_encoder(CLI::App& app) {
  app.add_subcommand("list", "List the models, as without a word");
  auto* const pull_command = app.add_subcommand("pull", "Fetch a model, and print its folder");
  const auto pulled = std::make_shared<name_flags>(*pull_command);
  auto* const verify_command = app.add_subcommand("verify", "Hold a model's files against their hashes");
  const auto verified = std::make_shared<name_flags>(*verify_command);
  auto* const try_command = app.add_subcommand("try", "Say how alike two texts are, and how long that takes");
  const auto tried = std::make_shared<try_flags>(*try_command);
  app.require_subcommand(0, 1);
  return [=] {
    if (pull_command->parsed()) return pull(*pulled);
    if (verify_command->parsed()) return verify(*verified);
    return try_command->parsed() ? print_scores(tried->first, tried->second) : list();
  };
}

}  // namespace refrain::cli
