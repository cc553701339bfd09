#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/connection.h"
#include "net/tls.h"

namespace refrain::net {

/// Where to connect to.
struct destination {
  std::string host;
  std::uint16_t port = 0;
  std::string socket_path{};              ///< of a unix socket; host and port then say nothing
  std::chrono::milliseconds limit{5000};  ///< for name look-up and TCP; TLS has as long again
  /// Names that the server's certificate may bear instead of the host's.
  std::vector<std::string> other_names{};

  /// For logs and errors: `host:port`, or the path of the socket.
  [[nodiscard]] std::string to_string() const;
};

/// Looks the name up and connects, trying each address in turn. Errors: upstream_unreachable, upstream_timeout; the
/// context names host, port and what was wrong.
[[nodiscard]] task<base::result<std::unique_ptr<connection>>> dial(loop& home, destination where);

/// Puts TLS on a connection to `where`: SNI, certificate chain, and one of its names verified (RFC 9525). The handshake
/// may take `limit`. Errors: upstream_tls with the verifier's own reason, upstream_timeout.
[[nodiscard]] task<base::result<void>> start_tls(connection& plain, std::shared_ptr<tls_context> trust,
                                                 destination where, std::chrono::milliseconds limit);

}  // namespace refrain::net
