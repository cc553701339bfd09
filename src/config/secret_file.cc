#include "config/secret_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace refrain::config {

base::result<std::string> read_text_file(const std::filesystem::path& path, std::size_t limit) {
  const auto refuse = [&](std::string_view reason) {
    return base::fail(base::errc::io, fmt::format("cannot read {}: {}", path.string(), reason));
  };
  std::error_code fault;
  if (std::filesystem::is_directory(path, fault)) return refuse("it is a folder");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return refuse(std::generic_category().message(errno));
  std::string text(limit + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return refuse(std::generic_category().message(errno));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > limit) return refuse(fmt::format("it is over {} KiB", limit >> 10));
  return text;
}

base::result<std::string> read_secret_file(const std::filesystem::path& path) {
  constexpr std::size_t limit = 64 << 10;
  auto text = read_text_file(path, limit);
  if (!text) return base::fail(base::errc::bad_config, std::move(text).error().context);
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  if (text->empty()) return base::fail(base::errc::bad_config, fmt::format("{} is empty", path.string()));
  return text;
}

}  // namespace refrain::config
