#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "store/sqlite_store.h"
#include "support/base/manual_clock.h"
#include "support/net/run_to_end.h"
#include "support/store/fixtures.h"

namespace refrain::store {

/// For tests: a store in a file of its own, at a time that stands still.
class sqlite_test : public testing::Test {
 protected:
  sqlite_test() { options_.clock = &clock_; }

  void open() {
    store_ = nullptr;
    auto opened = sqlite_store::open(path_, options_);
    ASSERT_TRUE(opened.has_value()) << opened.error().context;
    store_ = std::move(*opened);
  }
  /// As a process started later: it knows of no purge but what the file says.
  void reopen() {
    store_ = nullptr;
    options_.purges = std::make_shared<cache::purge_book>();
    open();
  }
  void put(int n) {
    store_->put(sample{.n = n, .stored_at = clock_.seconds(), .ttl = std::chrono::hours{10}}.make());
    store_->flush();
  }
  std::string get(int n) { return body_of(net::run_to_end(store_->get(sample{.n = n}.id())).value_or(nullptr)); }
  static std::string text(int n) { return sample{.n = n}.text(); }

  [[nodiscard]] std::vector<std::string> set_aside() const {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(path_).parent_path())) {
      const auto name = file.path().filename().string();
      const bool log = name.ends_with("-wal") || name.ends_with("-shm");
      if (name.contains(".corrupt-") && !log) names.push_back(name);
    }
    return names;
  }
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(path_).parent_path())) {
      names.push_back(file.path().filename().string());
    }
    return names;
  }
  void scribble(std::uint64_t offset, std::size_t length, char fill = '\x5a') {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file << std::string(length, fill);
  }
  [[nodiscard]] std::string raw() const {
    std::string bytes;
    for (const auto* suffix : {"", "-wal"}) {
      std::ifstream file(path_ + suffix, std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(file), {});
    }
    return bytes;
  }

  base::manual_clock clock_;
  scratch_folder folder_;
  std::string path_ = folder_.file("cache.db");
  store_options options_;
  std::unique_ptr<sqlite_store> store_;
};

}  // namespace refrain::store
