#pragma once

#include <utility>

#include "redis/client.h"
#include "redis/testing_server.h"

namespace refrain::redis::testing {

/// For tests: how a client is led to one server.
inline client_options to(const server& at, patience limits = patience{std::chrono::seconds{5}}) {
  client_options there{.where = {.hosts = {{.host = "127.0.0.1", .port = at.port()}}, .service = {}, .asking = {}},
                       .node = {}};
  there.node.lane.to.limits = limits;
  return there;
}

}  // namespace refrain::redis::testing
