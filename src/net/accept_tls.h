#pragma once

#include <chrono>
#include <memory>

#include "base/result.h"
#include "net/connection.h"
#include "net/tls.h"

namespace refrain::net {

/// Puts TLS on a connection that a listener has taken, as its server. `limit`: for the whole handshake. Where it fails
/// the connection is still there, plain again and with nothing to say: finish() it. Errors: closed, with OpenSSL's own
/// reason.
[[nodiscard]] task<base::result<void>> accept_tls(connection& plain, std::shared_ptr<tls_context> shown,
                                                  std::chrono::milliseconds limit);

}  // namespace refrain::net
