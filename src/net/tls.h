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

/// Whom a client trusts and what it shows. Files are PEM; empty for none.
struct client_trust {
  std::string ca_file;           ///< trusted beside the system's CA store
  std::string certificate_file;  ///< shown to servers that ask, with the chain below it
  std::string key_file;          ///< of that certificate; empty: the key stands in its file
  bool verify = true;            ///< whether the server's certificate must be good
  bool check_host = true;        ///< whether it must be for the host that is connected to
};

/// TLS settings that many connections share: which certificates to trust, which to show. Immutable once made.
class tls_context {
 public:
  /// For clients: TLS 1.2 and later, the system's CA store (and what SSL_CERT_FILE and SSL_CERT_DIR name). Errors:
  /// bad_config with the file and the remedy, upstream_tls.
  [[nodiscard]] static base::result<std::shared_ptr<tls_context>> for_clients(const client_trust& whom = {});

  /// For servers: TLS 1.2 and later with forward secrecy, HTTP/1.1 by ALPN (RFC 7301). The files are PEM: the
  /// certificate with the chain below it, and its key without a passphrase. Fails with bad_config, and a context that
  /// names the file and the remedy.
  [[nodiscard]] static base::result<std::shared_ptr<tls_context>> for_servers(const std::string& certificate_file,
                                                                              const std::string& key_file);

  explicit tls_context(std::unique_ptr<boost::asio::ssl::context> context, bool check_host = true);
  ~tls_context();

  [[nodiscard]] boost::asio::ssl::context& native() noexcept { return *context_; }

  /// Whether a server's certificate must be for its host.
  [[nodiscard]] bool checks_host() const noexcept { return check_host_; }

  /// The end of the certificate that it shows; nothing where it shows none.
  [[nodiscard]] std::optional<base::sys_seconds> expiry() const;

 private:
  std::unique_ptr<boost::asio::ssl::context> context_;
  bool check_host_ = true;
};

}  // namespace refrain::net
