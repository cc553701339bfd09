#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/net/tls.h"
#include "support/redis/server.h"

namespace refrain::redis::testing {

/// For tests: a real Redis that speaks TLS beside plain text, with a certificate of an authority of its own.
class tls_server {
 public:
  /// What the certificate is for, how long it lasts from now, whether clients need one of their own, and further
  /// options of the server's command line.
  explicit tls_server(const std::string& names = "IP:127.0.0.1", std::chrono::seconds lasts = std::chrono::hours{1},
                      bool asks_for_certificate = false, const std::vector<std::string>& more = {})
      : port_(free_port()) {
    by_.issue(names, card(), key(), lasts);
    std::vector<std::string> options{"--tls-port",         std::to_string(port_),
                                     "--tls-cert-file",    card(),
                                     "--tls-key-file",     key(),
                                     "--tls-ca-cert-file", by_.path(),
                                     "--tls-auth-clients", asks_for_certificate ? "yes" : "no"};
    options.insert(options.end(), more.begin(), more.end());
    redis_ = std::make_unique<server>(std::move(options));
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] const server& plain() const noexcept { return *redis_; }
  /// Of the authority, PEM.
  [[nodiscard]] std::string ca_file() const { return by_.path(); }
  [[nodiscard]] std::string card() const { return by_.path() + ".server.crt"; }
  [[nodiscard]] std::string key() const { return by_.path() + ".server.key"; }

 private:
  net::test_authority by_;
  std::uint16_t port_;
  std::unique_ptr<server> redis_;
};

}  // namespace refrain::redis::testing
