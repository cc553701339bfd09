#pragma once

#include <filesystem>
#include <random>
#include <string>

namespace refrain::tests {

/// A new folder below the system's one for temporary files, gone with all that is in it when its test ends.
class temp_folder {
 public:
  temp_folder() {
    std::random_device random;
    path_ = std::filesystem::temp_directory_path() /
            ("refrain-scenario-" + std::to_string(random()) + std::to_string(random()));
    std::filesystem::create_directories(path_);
  }
  ~temp_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temp_folder(const temp_folder&) = delete;
  temp_folder& operator=(const temp_folder&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace refrain::tests
