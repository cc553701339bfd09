#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace refrain::cli {

/// A file that is there whole or not at all: what is written stands in `<path>.tmp`, which takes the file's place when
/// it is finished and goes where it is not (a process that is killed leaves it behind, for the next to write over). Its
/// owner alone may read it (mode 0600). `-` and an empty path are standard output; what is no regular file, such as a
/// pipe, is written to as it is.
class whole_file {
 public:
  /// Fails with io, naming the path.
  [[nodiscard]] static base::result<whole_file> open(const std::string& path);
  ~whole_file();
  whole_file(whole_file&& other) noexcept = default;
  whole_file& operator=(whole_file&&) = delete;

  [[nodiscard]] bool is_standard_output() const noexcept { return path_.empty(); }

  /// Fails with io: no space, a reader that has gone.
  [[nodiscard]] base::result<void> write(std::string_view bytes);
  /// Nothing is written after it. Fails with io.
  [[nodiscard]] base::result<void> finish();

 private:
  struct closer {
    void operator()(std::FILE* file) const noexcept { (void)std::fclose(file); }
  };
  whole_file(std::filesystem::path path, std::filesystem::path beside, std::FILE* file)
      : path_(std::move(path)), beside_(std::move(beside)), file_(file) {}
  [[nodiscard]] std::unexpected<base::error> fault() const;

  std::filesystem::path path_;    ///< empty: standard output
  std::filesystem::path beside_;  ///< empty: written to in place
  std::unique_ptr<std::FILE, closer> file_;
};

}  // namespace refrain::cli
