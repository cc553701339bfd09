#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "support/net/socket.h"
#include "support/net/tls.h"

namespace refrain::net {

/// The client's side of a TLS connection over a test_socket, blocking, made on OpenSSL alone.
class test_tls_client {
 public:
  struct options {
    std::string authority;           ///< PEM file of whom to trust
    std::string host = "localhost";  ///< whose certificate it has to be
    std::string protocols{};         ///< ALPN as on the wire: each name after its length; empty: none
    int newest = TLS1_3_VERSION;     ///< of the protocol
    std::string ciphers = "DEFAULT@SECLEVEL=0";
  };

  test_tls_client(test_socket& over, const options& what) : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_load_verify_file(context_.get(), what.authority.c_str());
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_max_proto_version(context_.get(), what.newest);
    SSL_CTX_set_cipher_list(context_.get(), what.ciphers.c_str());
    stream_.reset(SSL_new(context_.get()));
    SSL_set1_host(stream_.get(), what.host.c_str());
    SSL_set_tlsext_host_name(stream_.get(), what.host.c_str());
    if (!what.protocols.empty()) {
      SSL_set_alpn_protos(stream_.get(), reinterpret_cast<const unsigned char*>(what.protocols.data()),
                          static_cast<unsigned>(what.protocols.size()));
    }
    SSL_set_fd(stream_.get(), over.descriptor());
    connected_ = SSL_connect(stream_.get()) == 1;
  }

  [[nodiscard]] bool connected() const noexcept { return connected_; }
  /// "TLSv1.3"
  [[nodiscard]] std::string version() const { return SSL_get_version(stream_.get()); }
  /// What was agreed on by ALPN; empty for nothing.
  [[nodiscard]] std::string protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(stream_.get(), &name, &size);
    return {name, name + size};
  }

  bool send(std::string_view bytes) {
    return SSL_write(stream_.get(), bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size());
  }
  /// Some bytes, at least one; empty at the end of the stream, or where it broke: see said_farewell().
  std::string receive_some() {
    char bytes[16384];
    const int count = SSL_read(stream_.get(), bytes, sizeof bytes);
    return {bytes, count > 0 ? static_cast<std::size_t>(count) : 0};
  }
  std::string receive_until(std::string_view mark) {
    std::string all;
    while (!all.contains(mark)) {
      const auto more = receive_some();
      if (more.empty()) break;
      all += more;
    }
    return all;
  }
  std::string receive_all() {
    std::string all;
    for (auto more = receive_some(); !more.empty(); more = receive_some()) all += more;
    return all;
  }
  /// Whether the peer has sent its closing alert.
  [[nodiscard]] bool heard_farewell() const { return (SSL_get_shutdown(stream_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }
  /// Sends the closing alert.
  void say_farewell() { (void)SSL_shutdown(stream_.get()); }

 private:
  std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, freed_by<SSL_free>> stream_;
  bool connected_ = false;
};

}  // namespace refrain::net
