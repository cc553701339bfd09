#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/url.h"
#include "net/connection.h"
#include "net/loop.h"
#include "net/tls.h"

namespace refrain::net {

/// Takes connections on one address and spreads them over loops: each loop has a socket of its own (SO_REUSEPORT), and
/// a connection stays where it was taken.
class listener {
 public:
  /// Binds and listens. The port is first tried alone, so that a second gateway does not silently share it with the
  /// first. Errors: port_in_use, naming who holds it where that can be seen; bad_config; io. Port 0 takes a free one.
  [[nodiscard]] static base::result<std::unique_ptr<listener>> open(const base::endpoint& where,
                                                                    const std::vector<loop*>& loops);
  ~listener();

  /// Begins to take connections; `accepted` runs on the loop that the connection belongs to.
  void start(std::function<void(std::unique_ptr<connection>)> accepted);
  /// Takes no more. From any thread, once.
  void close();

  /// What was bound, with the real port.
  [[nodiscard]] const base::endpoint& bound() const noexcept { return bound_; }

 private:
  struct acceptors;
  listener(base::endpoint bound, std::unique_ptr<acceptors> all);

  base::endpoint bound_;
  std::unique_ptr<acceptors> all_;
};

/// Puts TLS on a connection that a listener has taken, as its server. `limit`: for the whole handshake. Where it fails
/// the connection is still there, plain again and with nothing to say: finish() it. Errors: closed, with OpenSSL's own
/// reason.
[[nodiscard]] task<base::result<void>> accept_tls(connection& plain, std::shared_ptr<tls_context> shown,
                                                  std::chrono::milliseconds limit);

/// "refrain (process 4711)" for the process that listens on a local TCP port; empty where it cannot be seen.
[[nodiscard]] std::string who_listens_on(std::uint16_t port);

}  // namespace refrain::net
