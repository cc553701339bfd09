#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace boost::asio::ssl {
class context;
}

namespace refrain::net {

/// TLS settings that many connections share: which certificates to trust, which to show. Immutable once made.
class tls_context {
 public:
  /// For clients: TLS 1.2 and later, the system's CA store (and what SSL_CERT_FILE and SSL_CERT_DIR name), certificate
  /// and host name verified. `extra_ca_file` (PEM) is trusted as well; empty for none.
  [[nodiscard]] static base::result<std::shared_ptr<tls_context>> for_clients(const std::string& extra_ca_file = {});

  explicit tls_context(std::unique_ptr<boost::asio::ssl::context> context);
  ~tls_context();

  [[nodiscard]] boost::asio::ssl::context& native() noexcept { return *context_; }

 private:
  std::unique_ptr<boost::asio::ssl::context> context_;
};

}  // namespace refrain::net
