#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "net/connection.h"
#include "net/tls.h"

namespace refrain::net {

/// The sockets behind a connection. Included by the few files of net/ that make connections, by nobody else.
struct connection::transport {
  using any_socket = asio::generic::stream_protocol::socket;
  using tls_stream = asio::ssl::stream<any_socket&>;

  explicit transport(any_socket connected) : socket(std::move(connected)) {}

  any_socket socket;                     ///< TCP, or a unix socket
  std::shared_ptr<tls_context> context;  ///< keeps the settings alive that the stream refers to
  std::optional<tls_stream> tls;         ///< over `socket`, where the connection is encrypted
  std::shared_ptr<bool> watching;        ///< set to false when a hang-up watch is over
};

/// What an Asio error means to us.
[[nodiscard]] base::error to_error(const boost::system::error_code& fault);

/// Makes a fresh socket fit for use: no delay, non-blocking.
void prepare(asio::ip::tcp::socket& socket);

}  // namespace refrain::net
