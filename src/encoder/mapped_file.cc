#include "encoder/mapped_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace refrain::encoder {

base::result<mapped_file> mapped_file::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return base::fail(errno == ENOENT ? base::errc::not_found : base::errc::io,
                      fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  }
  struct stat about{};
  const auto size = ::fstat(file, &about) == 0 ? static_cast<std::size_t>(about.st_size) : 0;
  mapped_file opened;
  if (size == 0) {
    ::close(file);
    return opened;
  }
  void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  const int fault = errno;
  ::close(file);
  if (at == MAP_FAILED) {
    return base::fail(base::errc::io, fmt::format("cannot read {}: {}", path, std::strerror(fault)));
  }
  opened.pages_ = std::shared_ptr<void>(at, [size](void* pages) { ::munmap(pages, size); });
  opened.bytes_ = {static_cast<const char*>(at), size};
  return opened;
}

}  // namespace refrain::encoder
