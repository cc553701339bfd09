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
  /// What the certificate is for, how long it lasts from now, and whether clients need one of their own.
  explicit tls_server(const std::string& names = "IP:127.0.0.1", std::chrono::seconds lasts = std::chrono::hours{1},
                      bool asks_for_certificate = false)
      : port_(free_port()) {
    by_.issue(names, card(), key(), lasts);
    redis_ = std::make_unique<server>(std::vector<std::string>{
        "--tls-port", std::to_string(port_), "--tls-cert-file", card(), "--tls-key-file", key(), "--tls-ca-cert-file",
        by_.path(), "--tls-auth-clients", asks_for_certificate ? "yes" : "no"});
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::uint16_t plain_port() const noexcept { return redis_->port(); }
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
