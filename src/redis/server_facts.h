#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace refrain::redis {

/// What a server's INFO tells of it. What it leaves out is empty or zero.
struct server_facts {
  std::string product = "Redis";  ///< or Valkey
  std::string version;
  std::string mode;                ///< standalone, cluster, sentinel
  std::string role;                ///< master, slave
  bool knows_memory = false;       ///< whether it says what bounds it: not all hosted ones do
  std::uint64_t memory_used = 0;   ///< bytes
  std::uint64_t memory_bound = 0;  ///< bytes; 0: none
  std::string policy;              ///< of eviction
  std::uint64_t clients = 0;
  std::uint64_t clients_bound = 0;
};

/// One field of INFO's text, or of another command's that is laid out so (CLUSTER INFO); empty where it is not there.
[[nodiscard]] std::string_view field_of(std::string_view text, std::string_view name) noexcept;

/// Reads the text of INFO. Pure.
[[nodiscard]] server_facts read_facts(std::string_view text);

}  // namespace refrain::redis
