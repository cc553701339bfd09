#include "server/certificate.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>

#include "base/log.h"

namespace refrain::server {
namespace {

using context = std::shared_ptr<net::tls_context>;

base::result<context> read(const certificate::files& from) {
  auto made = net::tls_context::for_servers(from.chain, from.key);
  if (made) return made;
  return base::fail(made.error().code,
                    fmt::format("{} (server.tls_certificate, server.tls_key)", made.error().context));
}

/// Unlike any other for as long as the file is not changed, replaced or given other rights.
std::string stamp_of(const std::string& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return "none";
  const auto time = [](const timespec& at) { return fmt::format("{}.{}", at.tv_sec, at.tv_nsec); };
  return fmt::format("{}:{}:{} {} {}", about.st_dev, about.st_ino, about.st_size, time(about.st_mtim),
                     time(about.st_ctim));
}

std::string stamp_of(const certificate::files& both) { return stamp_of(both.chain) + ", " + stamp_of(both.key); }

}  // namespace

base::result<std::unique_ptr<certificate>> certificate::open(const files& from) {
  std::unique_ptr<certificate> made{new certificate(from)};
  TRY(made->use(from));
  return made;
}

context certificate::current() const {
  const std::lock_guard guard{mutex_};
  return current_;
}

void certificate::show(context fresh) {
  const std::lock_guard guard{mutex_};
  current_ = std::move(fresh);
}

void certificate::look() {
  const std::lock_guard guard{reading_};
  const auto now = stamp_of(files_);
  const bool at_rest = now == std::exchange(seen_, now);
  if (now == read_ || !at_rest) return;
  read_ = now;
  auto fresh = read(files_);
  if (fresh) {
    show(std::move(*fresh));
    base::log_info("the certificate was read again from {}", files_.chain);
  } else {
    base::log_error("the certificate stays as it was: {}", fresh.error().context);
  }
}

base::result<void> certificate::use(const files& from) {
  const std::lock_guard guard{reading_};
  // Before reading: what changes meanwhile is seen at the next look.
  const auto now = stamp_of(from);
  auto fresh = TRY(read(from));
  files_ = from;
  read_ = seen_ = now;
  show(std::move(fresh));
  return {};
}

}  // namespace refrain::server
