#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "http/exchange.h"
#include "net/connection.h"

namespace refrain::http {

/// What a listener's connections need to know. Immutable; shared by all of them.
struct service {
  session_limits limits;
  /// Answers one request. What it leaves unanswered is answered with 500.
  std::function<net::task<>(exchange&)> answer;
  /// The body, in JSON, for a request that could not even be read.
  std::function<std::string(const base::error&)> error_body;
  /// Set: is told of each request that the session has refused by itself.
  std::function<void(const exchange& with, base::errc why)> refused{};
  /// Asked between requests: true ends the connection.
  std::function<bool()> stopping;
};

/// Speaks HTTP/1.1 (RFC 9112) with one client until either side ends. Requests that were sent ahead are answered in
/// order.
[[nodiscard]] net::task<> serve_connection(std::shared_ptr<const service> handler,
                                           std::unique_ptr<net::connection> peer);

}  // namespace refrain::http
