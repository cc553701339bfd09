#pragma once

#include <utility>

#include "redis/client.h"
#include "support/redis/server.h"

namespace refrain::redis::testing {

/// For tests: how a client is led to a server on this machine.
inline client_options to(std::uint16_t port, reply_timeout limits = reply_timeout{std::chrono::seconds{5}}) {
  client_options there{.where = {.hosts = {{.host = "127.0.0.1", .port = port}}, .service = {}, .asking = {}},
                       .node = {}};
  there.node.lane.to.limits = limits;
  return there;
}
inline client_options to(const server& at, reply_timeout limits = reply_timeout{std::chrono::seconds{5}}) {
  return to(at.port(), limits);
}

}  // namespace refrain::redis::testing
