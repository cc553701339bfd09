#include "cli/transfer/whole_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace refrain::cli {
namespace {

namespace fs = std::filesystem;
using base::errc;
using base::fail;

std::unexpected<base::error> cannot(std::string_view doing, const fs::path& path, int why) {
  return fail(errc::io, fmt::format("cannot {} {}: {}", doing, path.string(), std::strerror(why)));
}

/// Another file, a pipe or a device is not to be put out of its place.
bool is_special(const fs::path& path) {
  std::error_code ignored;
  const auto what = fs::status(path, ignored);
  return fs::exists(what) && !fs::is_regular_file(what);
}

}  // namespace

base::result<whole_file> whole_file::open(const std::string& path) {
  if (path.empty() || path == "-") {
    const int copy = ::dup(STDOUT_FILENO);
    std::FILE* const file = copy < 0 ? nullptr : ::fdopen(copy, "w");
    if (file == nullptr) return cannot("write to", "standard output", errno);
    return whole_file{{}, {}, file};
  }
  const fs::path beside = is_special(path) ? fs::path{} : fs::path{path + ".tmp"};
  const auto& target = beside.empty() ? fs::path{path} : beside;
  constexpr mode_t owner_only = 0600;
  const int truncated = beside.empty() ? 0 : O_CREAT | O_TRUNC | O_NOFOLLOW;
  const int descriptor = ::open(target.c_str(), O_WRONLY | O_CLOEXEC | truncated, owner_only);
  if (descriptor < 0) return cannot("write to", target, errno);
  if (!beside.empty()) (void)::fchmod(descriptor, owner_only);
  std::FILE* const file = ::fdopen(descriptor, "w");
  if (file == nullptr) {
    ::close(descriptor);
    return cannot("write to", target, errno);
  }
  return whole_file{path, beside, file};
}

whole_file::~whole_file() {
  if (!file_ || beside_.empty()) return;
  std::error_code ignored;
  fs::remove(beside_, ignored);
}

std::unexpected<base::error> whole_file::fault() const {
  return cannot("write to", path_.empty() ? fs::path{"standard output"} : path_, errno);
}

base::result<void> whole_file::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) return fault();
  return {};
}

base::result<void> whole_file::finish() {
  if (std::fflush(file_.get()) != 0) return fault();
  // The new name must not stand before what it names.
  if (!beside_.empty() && (::fsync(::fileno(file_.get())) != 0 || ::rename(beside_.c_str(), path_.c_str()) != 0)) {
    return fault();
  }
  file_.reset();
  return {};
}

}  // namespace refrain::cli
