#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.h"

namespace refrain::config {

/// A test with folders of its own, an environment to fill, and what loading made of them.
class load_fixture : public testing::Test {
 protected:
  load_fixture() {
    std::string pattern = (std::filesystem::temp_directory_path() / "refrain-config-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
    from.working_directory = root_ / "work";
    from.home = root_ / "home";
    std::filesystem::create_directories(from.working_directory);
    std::filesystem::create_directories(from.home);
  }
  ~load_fixture() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  /// Writes a file below the working directory, or to an absolute path.
  std::filesystem::path write(const std::filesystem::path& name, std::string_view text) const {
    auto path = from.working_directory / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  void toml(std::string_view text) const { write("refrain.toml", text); }
  void dot_env(std::string_view text) const { write(".env", text); }
  void set(const std::string& name, const std::string& value) { from.variables[name] = value; }
  void flag(const std::string& key, const std::string& text) { flags.push_back({.key = key, .text = text}); }

  /// The configuration; the test fails where there is none.
  loaded must_load() const {
    auto done = load(from, flags, config_file);
    if (done) return *std::move(done);
    ADD_FAILURE() << done.error().context;
    return {};
  }
  settings values() const { return must_load().values; }

  /// Why there is none; the test fails where there is one.
  std::string complaint() const {
    const auto done = load(from, flags, config_file);
    if (done) ADD_FAILURE() << "it loads";
    return done ? "" : done.error().context;
  }

  shown_setting shown(std::string_view key) const {
    for (auto& one : must_load().shown) {
      if (one.key == key) return one;
    }
    ADD_FAILURE() << key << " is not shown";
    return {};
  }

  environment from;
  std::vector<flag_value> flags;
  std::optional<std::filesystem::path> config_file;

 private:
  std::filesystem::path root_;
};

}  // namespace refrain::config
