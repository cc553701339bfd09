#pragma once

#include <stdexcept>

#include "redis/command.h"
#include "redis/resp.h"
#include "support/net/socket.h"
#include "support/redis/server.h"

namespace refrain::redis::testing {

/// For tests: what the server itself says to one command, on a connection of its own. Blocks.
inline reply ask(const server& whom, const commands& what) {
  auto line = net::test_socket::to(whom.port());
  line.send(what.wire());
  resp_reader reader;
  while (true) {
    auto one = reader.next();
    if (!one) throw std::runtime_error("a Redis answers what is no reply");
    if (*one) return **std::move(one);
    const auto bytes = line.receive_some();
    if (bytes.empty()) throw std::runtime_error("a Redis does not answer");
    reader.feed(bytes);
  }
}

}  // namespace refrain::redis::testing
