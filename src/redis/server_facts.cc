#include "redis/server_facts.h"

#include <algorithm>

#include "base/text.h"

namespace refrain::redis {
namespace {

std::uint64_t number_of(std::string_view text, std::string_view name) noexcept {
  return base::to_integer<std::uint64_t>(field_of(text, name)).value_or(0);
}

}  // namespace

std::string_view field_of(std::string_view text, std::string_view name) noexcept {
  while (!text.empty()) {
    const auto line = text.substr(0, text.find("\r\n"));
    text.remove_prefix(std::min(line.size() + 2, text.size()));
    if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':') {
      return line.substr(name.size() + 1);
    }
  }
  return {};
}

server_facts read_facts(std::string_view text) {
  server_facts told;
  // Valkey goes on saying which Redis it is like.
  const auto valkey = field_of(text, "valkey_version");
  if (!valkey.empty()) told.product = "Valkey";
  told.version = base::shorten(valkey.empty() ? field_of(text, "redis_version") : valkey, 40);
  // Valkey's name of the same field is server_mode.
  const auto mode = field_of(text, "redis_mode");
  told.mode = mode.empty() ? field_of(text, "server_mode") : mode;
  told.role = field_of(text, "role");
  told.policy = base::shorten(field_of(text, "maxmemory_policy"), 40);
  told.knows_memory = !field_of(text, "maxmemory").empty();
  told.memory_used = number_of(text, "used_memory");
  told.memory_bound = number_of(text, "maxmemory");
  told.clients = number_of(text, "connected_clients");
  told.clients_bound = number_of(text, "maxclients");
  return told;
}

}  // namespace refrain::redis
