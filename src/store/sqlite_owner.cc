#include "store/sqlite_owner.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "store/sqlite_schema.h"

namespace refrain::store {
namespace {

// https://www.sqlite.org/fileformat2.html, sections 1.3 and 1.6.
constexpr std::string_view header_text{"SQLite format 3\0", 16};
constexpr std::size_t id_at = 68;
constexpr std::size_t header_size = 100;
constexpr std::size_t first_cells_at = 103;
constexpr char table_leaf = 0x0d;
constexpr char index_leaf = 0x0a;

/// All sizes of pages but the smallest are multiples of this.
constexpr std::size_t alignment = 4096;
constexpr std::size_t largest_page = 65'536;
/// So much of a large file is looked at: a store's pages are full of metas.
constexpr std::uint64_t most_looked_at = 256ull << 20;

class open_file_handle {
 public:
  explicit open_file_handle(const std::string& path) : handle_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~open_file_handle() {
    if (handle_ >= 0) ::close(handle_);
  }
  open_file_handle(const open_file_handle&) = delete;
  open_file_handle& operator=(const open_file_handle&) = delete;

  [[nodiscard]] bool is_open() const noexcept { return handle_ >= 0; }
  /// What stands there, shorter at the end of the file.
  [[nodiscard]] std::string_view read(std::uint64_t offset, std::string& into) const {
    const auto count = ::pread(handle_, into.data(), into.size(), static_cast<off_t>(offset));
    return {into.data(), count < 0 ? 0 : static_cast<std::size_t>(count)};
  }

 private:
  int handle_;
};

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char one : bytes.substr(0, 4)) number = number << 8 | static_cast<unsigned char>(one);
  return number;
}

/// What the file's first page says; nothing where it is no page of SQLite's.
std::optional<file_owner> by_header(std::string_view head) {
  if (head.size() < header_size) return std::nullopt;
  if (big_endian(head.substr(id_at)) == application_id) return file_owner::refrain;
  if (!head.starts_with(header_text)) return std::nullopt;
  // Without a table it is anyone's, and may be ours whose tables stand in its log as yet.
  const auto cells = head.substr(first_cells_at, 2);
  const bool is_blank = big_endian(head.substr(id_at)) == 0 && std::ranges::count(cells, '\0') == 2;
  return is_blank ? file_owner::nobody : file_owner::other;
}

/// Whether a page with rows may begin so. The third byte behind the kind counts rows by 256: no text has a zero there.
bool may_be_a_page(std::string_view head) {
  constexpr std::size_t rows_at = 3;
  return head.size() == 8 && (head[0] == table_leaf || head[0] == index_leaf) && head[rows_at] == '\0' &&
         head[rows_at + 1] != '\0';
}

/// Whether rows stand here as we write them: metas plain or sealed, or our named numbers.
bool holds_rows_of_ours(std::string_view page) {
  static constexpr std::array<std::string_view, 3> rows{R"({"version":1,"type":")", std::string_view{"\0RFS1", 5},
                                                        "opened_at"};
  return std::ranges::any_of(rows, [page](std::string_view row) { return page.contains(row); });
}

bool has_page_of_ours(const open_file_handle& file) {
  std::string head(8, '\0');
  std::string page(largest_page, '\0');
  for (std::uint64_t at = 0; at < most_looked_at; at += alignment) {
    const auto begin = file.read(at, head);
    if (begin.empty()) return false;
    if (may_be_a_page(begin) && holds_rows_of_ours(file.read(at, page))) return true;
  }
  return false;
}

bool is_marked(const std::string& path) {
  const auto mark = mark_of(path);
  if (mark.empty()) return false;
  const open_file_handle lock{lock_name(path)};
  std::string room(mark.size() + 1, '\0');
  return lock.is_open() && lock.read(0, room) == mark;
}

}  // namespace

std::string lock_name(std::string_view path) { return std::string{path} + ".lock"; }

std::string mark_of(const std::string& path) {
  struct statx about{};
  if (::statx(AT_FDCWD, path.c_str(), 0, STATX_INO | STATX_BTIME, &about) != 0) return {};
  // Numbers of files are used again, with another time.
  if ((about.stx_mask & STATX_BTIME) == 0) return {};
  return fmt::format("refrain store {}:{}.{:09}\n", about.stx_ino, about.stx_btime.tv_sec, about.stx_btime.tv_nsec);
}

base::result<file_owner> owner_of(const std::string& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return file_owner::nobody;
    return base::fail(base::errc::io, fmt::format("cannot look at {}: {}", path, std::strerror(errno)));
  }
  if (!S_ISREG(about.st_mode)) return file_owner::other;
  if (about.st_size == 0) return file_owner::nobody;
  // Before the file is opened: closing it would drop the locks that this process may have on a store.
  if (is_marked(path)) return file_owner::refrain;
  const open_file_handle file{path};
  if (!file.is_open()) {
    return base::fail(base::errc::io,
                      fmt::format("cannot read {}: {}; make it readable, or give store.url another path "
                                  "(or memory:)",
                                  path, std::strerror(errno)));
  }
  std::string room(header_size + 8, '\0');
  if (const auto known = by_header(file.read(0, room))) return *known;
  return has_page_of_ours(file) ? file_owner::refrain : file_owner::other;
}

base::error not_ours(const std::string& path) {
  return {.code = base::errc::bad_config,
          .context = fmt::format("{} is no store of Refrain's, and is left as it is; give store.url (--store) another "
                                 "path",
                                 path)};
}

}  // namespace refrain::store
