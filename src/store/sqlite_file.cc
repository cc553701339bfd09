#include "store/sqlite_file.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

#include "base/log.h"
#include "store/sqlite_owner.h"
#include "store/sqlite_schema.h"

namespace refrain::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int private_file = 0600;
constexpr int private_folder = 0700;

std::unexpected<base::error> cannot(std::string_view what, const std::string& path, int why) {
  return base::fail(base::errc::io,
                    fmt::format("cannot {} {}: {}; make it writable, or give store.url another path (or memory:)", what,
                                path, std::strerror(why)));
}

base::result<void> make_folder(const fs::path& folder) {
  if (folder.empty()) return {};
  std::error_code fault;
  if (fs::is_directory(folder, fault)) return {};
  if (auto above = make_folder(folder.parent_path()); !above) return above;
  if (::mkdir(folder.c_str(), private_folder) != 0 && errno != EEXIST) return cannot("make", folder.string(), errno);
  return {};
}

base::result<void> refuse_network(const fs::path& folder) {
  struct statfs about{};
  const std::string place = folder.empty() ? "." : folder.string();
  if (::statfs(place.c_str(), &about) == 0 && is_network_file_system(static_cast<std::int64_t>(about.f_type))) {
    return base::fail(base::errc::bad_config, place +
                                                  " lies on a network file system, where SQLite's locks do not "
                                                  "hold; give store.url a path on a local disk");
  }
  return {};
}

/// Makes an empty file of our own mode; SQLite gives the log the same. Never opens one that is there: closing it would
/// drop the locks of other connections of this process.
base::result<void> make_file(const std::string& path) {
  const int handle = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, private_file);
  if (handle >= 0) {
    ::close(handle);
    return {};
  }
  if (errno != EEXIST) return cannot("write", path, errno);
  if (::access(path.c_str(), R_OK | W_OK) != 0) return cannot("write", path, errno);
  return {};
}

base::result<opened_file> open_once(const std::string& path) {
  if (auto made = make_file(path); !made) return base::fail(made.error());
  auto connection = db::database::open(path, db::access::create);
  if (!connection) return base::fail(connection.error());
  if (auto ready = prepare_schema(*connection); !ready) return base::fail(ready.error());
  return opened_file{.connection = std::move(*connection), .identity = identity_of(path)};
}

base::result<void> move_aside(const std::string& path, const base::clock& clock) {
  std::string aside = fmt::format("{}.corrupt-{:%Y%m%dT%H%M%SZ}", path, fmt::gmtime(clock.now()));
  while (::access(aside.c_str(), F_OK) == 0) aside += "-";
  if (::rename(path.c_str(), aside.c_str()) != 0) return cannot("move aside", path, errno);
  for (const char* suffix : {"-wal", "-shm"}) {
    if (::rename((path + suffix).c_str(), (aside + suffix).c_str()) != 0 && errno != ENOENT) {
      return cannot("move aside", path + suffix, errno);
    }
  }
  base::log_error("the store {} was damaged: it was moved to {} and begun anew", path, aside);
  return {};
}

}  // namespace

file_identity identity_of(const std::string& path) noexcept {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return {};
  return {.device = about.st_dev, .inode = about.st_ino};
}

std::uint64_t size_of(const std::string& path) noexcept {
  struct stat about{};
  return ::stat(path.c_str(), &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
}

bool is_network_file_system(std::int64_t magic) noexcept {
  // NFS, SMB, CIFS, SMB2, AFS (two), Coda, Ceph. FUSE and 9p serve local files as well: there the log's own test
  // counts.
  constexpr std::array<std::uint32_t, 8> over_a_network{0x6969,     0x517b,     0xff534d42, 0xfe534d42,
                                                        0x5346414f, 0x6b414653, 0x73757245, 0x00c36400};
  return std::ranges::find(over_a_network, static_cast<std::uint32_t>(magic)) != over_a_network.end();
}

base::result<path_lock> path_lock::lock(const std::string& path, int operation, int tries) {
  const std::string name = lock_name(path);
  const bool alone = (operation & LOCK_EX) != 0;
  const int handle = ::open(name.c_str(), (alone ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC, private_file);
  // The writer makes it: where there is none, nobody is at work on the file.
  if (handle < 0 && !alone && errno == ENOENT) return path_lock{handle};
  if (handle < 0) return cannot("write", name, errno);
  path_lock held{handle};
  for (; tries > 0; --tries) {
    if (::flock(handle, operation | LOCK_NB) == 0) return held;
    if (tries > 1) std::this_thread::sleep_for(10ms);
  }
  return base::fail(base::errc::store_unavailable, "another process is holding " + name, true);
}

base::result<path_lock> path_lock::alone(const std::string& path) { return lock(path, LOCK_EX, 300); }

base::result<path_lock> path_lock::shared(const std::string& path) { return lock(path, LOCK_SH, 1); }

void path_lock::note(std::string_view mark) const {
  // Where it cannot be written, the pages of a damaged store have to do.
  if (::ftruncate(handle_, 0) != 0) return;
  static_cast<void>(::pwrite(handle_, mark.data(), mark.size(), 0));
}

path_lock::~path_lock() {
  if (handle_ >= 0) ::close(handle_);
}

base::result<opened_file> open_file(const std::string& path, const base::clock& clock) {
  const auto owner = owner_of(path);
  if (!owner) return base::fail(owner.error());
  if (*owner == file_owner::other) return base::fail(not_ours(path));
  const fs::path folder = fs::path(path).parent_path();
  if (auto made = make_folder(folder); !made) return base::fail(made.error());
  if (auto local = refuse_network(folder); !local) return base::fail(local.error());
  const auto lock = path_lock::alone(path);
  if (!lock) return base::fail(lock.error());

  auto opened = open_once(path);
  if (!opened && opened.error().code == base::errc::store_corrupt) {
    if (auto moved = move_aside(path, clock); !moved) return base::fail(moved.error());
    opened = open_once(path);
  }
  if (opened) lock->note(mark_of(path));
  if (!opened) opened.error().context = "store " + path + ": " + opened.error().context;
  return opened;
}

base::result<opened_file> open_as_found(const std::string& path) {
  const auto owner = owner_of(path);
  if (!owner) return base::fail(owner.error());
  if (*owner == file_owner::other) return base::fail(not_ours(path));
  if (*owner == file_owner::nobody) return base::fail(base::errc::io, "store " + path + ": it is not there yet");
  const auto lock = path_lock::shared(path);
  if (!lock) return base::fail(lock.error());
  const bool has_log = ::access((path + "-wal").c_str(), F_OK) == 0;
  const auto log = has_log ? db::log_at_close::stays : db::log_at_close::goes;
  auto connection = db::database::open(path, db::access::change, log);
  if (!connection) return base::fail(connection.error());
  auto ready = prepare_schema(*connection);
  if (ready) return opened_file{.connection = std::move(*connection), .identity = identity_of(path), .log = log};
  ready.error().context = "store " + path + ": " + ready.error().context;
  if (ready.error().code == base::errc::store_corrupt) {
    ready.error().context += "; a gateway that starts moves the damaged file aside and begins anew";
  }
  return base::fail(ready.error());
}

base::result<opened_file> replace_file(const std::string& path, const file_identity& corrupt,
                                       const base::clock& clock) {
  {
    const auto lock = path_lock::alone(path);
    if (!lock) return base::fail(lock.error());
    if (identity_of(path) == corrupt) {
      if (auto moved = move_aside(path, clock); !moved) return base::fail(moved.error());
    }
  }
  return open_file(path, clock);
}

}  // namespace refrain::store
