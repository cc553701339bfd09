#include "cli/transfer/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/bytes.h"
#include "cli/readable.h"
#include "cli/terminal.h"

namespace refrain::cli {
namespace {

constexpr std::size_t bar_width = 24;
constexpr std::chrono::milliseconds interval{100};

std::string bar_of(double share) {
  const auto full = static_cast<std::size_t>(share * bar_width);
  return fmt::format("[{:#<{}}{:.<{}}] {:3.0f} %  ", "", full, "", bar_width - full, share * 100);
}

}  // namespace

std::string progress_line(std::string_view verb, const headway& now) {
  const auto bar = now.share ? bar_of(std::clamp(*now.share, 0.0, 1.0)) : std::string{};
  return fmt::format("{}  {}{}, {}", verb, bar, readable_entries(now.entries), to_string(base::byte_count{now.bytes}));
}

progress::progress(std::string_view verb, bool wanted) : verb_(verb), shown_(wanted && complains_to_terminal()) {}

progress::~progress() {
  if (width_ > 0) fmt::print(stderr, "\r{:{}}\r", "", width_);
}

void progress::show(const headway& now) {
  if (!shown_ || std::chrono::steady_clock::now() < next_) return;
  next_ = std::chrono::steady_clock::now() + interval;
  const auto line = progress_line(verb_, now);
  fmt::print(stderr, "\r{:{}}", line, width_);
  width_ = std::max(width_, line.size());
  std::fflush(stderr);
}

}  // namespace refrain::cli
