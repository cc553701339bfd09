#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
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

  /// For servers: TLS 1.2 and later with forward secrecy, HTTP/1.1 by ALPN (RFC 7301). The files are PEM: the
  /// certificate with the chain below it, and its key without a passphrase. Fails with bad_config, and a context that
  /// names the file and the mend.
  [[nodiscard]] static base::result<std::shared_ptr<tls_context>> for_servers(const std::string& certificate_file,
                                                                              const std::string& key_file);

  explicit tls_context(std::unique_ptr<boost::asio::ssl::context> context);
  ~tls_context();

  [[nodiscard]] boost::asio::ssl::context& native() noexcept { return *context_; }

  /// The end of the certificate that it shows; nothing where it shows none.
  [[nodiscard]] std::optional<base::sys_seconds> expiry() const;

 private:
  std::unique_ptr<boost::asio::ssl::context> context_;
};

}  // namespace refrain::net
