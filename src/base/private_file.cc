#include "base/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace refrain::base {
namespace {

constexpr mode_t others = S_IRWXG | S_IRWXO;

std::unexpected<error> cannot(std::string_view what, const std::filesystem::path& path) {
  return fail(errc::io, fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno)));
}

bool write_all(int file, std::string_view text) noexcept {
  while (!text.empty()) {
    const auto count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// A name beside `path` that no other thread or process writes to.
std::string draft_of(const std::filesystem::path& path) {
  static std::atomic<unsigned> count{0};
  return fmt::format("{}.{}-{}.new", path.string(), ::getpid(), ++count);
}

result<void> write_draft(const std::string& draft, std::string_view text) {
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return cannot("create", draft);
  const bool written = write_all(file, text);
  const bool closed = ::close(file) == 0;
  if (!written || !closed) return cannot("write", draft);
  return {};
}

}  // namespace

result<void> make_private_folder(const std::filesystem::path& folder) {
  std::error_code fault;
  const auto above = folder.parent_path();
  if (!above.empty()) std::filesystem::create_directories(above, fault);
  if (fault) {
    return fail(errc::io, fmt::format("cannot create {}: {}", above.string(), fault.message()));
  }
  if (::mkdir(folder.c_str(), S_IRWXU) == 0) return {};
  if (errno != EEXIST) return cannot("create", folder);
  struct stat is{};
  if (::stat(folder.c_str(), &is) != 0) return cannot("look at", folder);
  if (!S_ISDIR(is.st_mode)) return fail(errc::io, fmt::format("{} is no folder", folder.string()));
  if ((is.st_mode & others) != 0 && ::chmod(folder.c_str(), S_IRWXU) != 0) return cannot("make private", folder);
  return {};
}

result<bool> write_private_file(const std::filesystem::path& path, std::string_view text, if_exists then) {
  const auto draft = draft_of(path);
  if (auto written = write_draft(draft, text); !written) {
    ::unlink(draft.c_str());
    return fail(std::move(written).error());
  }
  if (then == if_exists::replace) {
    if (std::rename(draft.c_str(), path.c_str()) == 0) return true;
    const auto why = cannot("write", path);
    ::unlink(draft.c_str());
    return why;
  }
  const bool made = ::link(draft.c_str(), path.c_str()) == 0;
  const int why = errno;
  ::unlink(draft.c_str());
  if (made) return true;
  if (why == EEXIST) return false;
  errno = why;
  return cannot("write", path);
}

result<bool> make_private(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) return cannot("open", path);
  struct stat is{};
  const bool open_to_others = ::fstat(file, &is) == 0 && (is.st_mode & others) != 0;
  const bool done = !open_to_others || ::fchmod(file, is.st_mode & S_IRWXU) == 0;
  const int why = errno;
  ::close(file);
  errno = why;
  if (!done) return cannot("make private", path);
  return open_to_others;
}

}  // namespace refrain::base
