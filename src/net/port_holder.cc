#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "net/listener.h"

namespace refrain::net {
namespace {

namespace fs = std::filesystem;

/// The inode of the listening socket on a port, from one of Linux's tables (proc(5), /proc/net/tcp); 0 for none.
std::uint64_t listening_inode(const char* table, std::uint16_t port) {
  std::ifstream lines{table};
  const auto suffix = fmt::format(":{:04X}", port);
  constexpr std::string_view listening = "0A";
  for (std::string line; std::getline(lines, line);) {
    std::istringstream columns{line};
    std::string slot, local, remote, state, queues, timer, retransmits, user, timeout;
    std::uint64_t inode = 0;
    columns >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode;
    if (state == listening && local.ends_with(suffix)) return inode;
  }
  return 0;
}

bool holds(const fs::path& process, const std::string& socket_link) {
  std::error_code fault;
  for (const auto& descriptor : fs::directory_iterator(process / "fd", fault)) {
    if (fs::read_symlink(descriptor.path(), fault) == socket_link) return true;
  }
  return false;
}

}  // namespace

std::string who_listens_on(std::uint16_t port) {
  auto inode = listening_inode("/proc/net/tcp", port);
  if (inode == 0) inode = listening_inode("/proc/net/tcp6", port);
  if (inode == 0) return {};
  const auto socket_link = fmt::format("socket:[{}]", inode);
  std::error_code fault;
  for (const auto& process : fs::directory_iterator("/proc", fault)) {
    const auto id = process.path().filename().string();
    if (id.find_first_not_of("0123456789") != std::string::npos || !holds(process.path(), socket_link)) continue;
    std::string name;
    std::ifstream comm{process.path() / "comm"};
    std::getline(comm, name);
    return fmt::format("{} (process {})", name, id);
  }
  return {};
}

}  // namespace refrain::net
