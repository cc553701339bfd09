#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace refrain::cli {

/// How far something is that takes its time.
struct headway {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::optional<double> share;  ///< of the whole, 0 to 1; nothing where that is not known
};

/// `exporting  [#####...............]  25 %  1234 entries, 5.2 MiB`; without a share the bar is left out. Pure.
[[nodiscard]] std::string progress_line(std::string_view verb, const headway& now);

/// A line on standard error that is written over as it goes, ten times a second at most, and wiped away at the end.
/// Nothing is shown where standard error is no terminal, or `wanted` is false.
class progress {
 public:
  progress(std::string_view verb, bool wanted);
  ~progress();
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  void show(const headway& now);

 private:
  const std::string verb_;
  const bool shown_;
  std::size_t width_ = 0;  ///< of the line that stands there
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace refrain::cli
