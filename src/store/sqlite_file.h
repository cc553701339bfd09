#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "db/sqlite.h"

namespace refrain::store {

/// Which file stands under a path: it changes where another process moved a corrupt one aside.
struct file_identity {
  dev_t device = 0;
  ino_t inode = 0;

  friend bool operator==(const file_identity&, const file_identity&) = default;
};

[[nodiscard]] file_identity identity_of(const std::string& path) noexcept;

/// Size of the file, 0 where there is none.
[[nodiscard]] std::uint64_t size_of(const std::string& path) noexcept;

/// Whether a file system of this magic number (statfs) is one over a network, on which SQLite's locks do not hold.
[[nodiscard]] bool is_network_file_system(std::int64_t magic) noexcept;

/// `<path>.lock`, held by whoever opens the file or moves it aside: between processes and within one. Fails with
/// store_unavailable where another holds it.
class path_lock {
 public:
  /// For the writer: alone, after a few seconds of waiting at most.
  [[nodiscard]] static base::result<path_lock> alone(const std::string& path);
  /// For readers: with other readers, without waiting. Makes no lock file.
  [[nodiscard]] static base::result<path_lock> shared(const std::string& path);
  path_lock(path_lock&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
  path_lock& operator=(path_lock&&) = delete;
  ~path_lock();

  /// Writes into the lock file which store it belongs to (sqlite_owner.h). For who holds it alone.
  void note(std::string_view mark) const;

 private:
  [[nodiscard]] static base::result<path_lock> lock(const std::string& path, int operation, int tries);
  explicit path_lock(int handle) : handle_(handle) {}
  int handle_;
};

struct opened_file {
  db::database connection;
  file_identity identity;
  db::log_at_close log = db::log_at_close::stays;  ///< for the other connections too
};

/// Opens the store's file for its writer, with its folder (mode 0700), the file (0600) and the tables where they are
/// missing. A corrupt store of ours is moved aside to `<path>.corrupt-<time>`, with one log line, and begun anew; a
/// file that was never ours is refused. Fails with a sentence that names the remedy.
[[nodiscard]] base::result<opened_file> open_file(const std::string& path, const base::clock& clock);

/// The same for a command that only looks: it makes no file that stays, and moves none. A store that is missing or
/// damaged is an error.
[[nodiscard]] base::result<opened_file> open_as_found(const std::string& path);

/// For a writer that found its file corrupt: moves it aside, unless another process has done so, and opens anew.
[[nodiscard]] base::result<opened_file> replace_file(const std::string& path, const file_identity& corrupt,
                                                     const base::clock& clock);

}  // namespace refrain::store
