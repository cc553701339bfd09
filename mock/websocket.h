#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

namespace refrain::mock {

struct call;
class transport;

/// One whole message of a WebSocket.
struct message {
  std::string bytes;
  bool text = true;
};

/// What is sent in turn: messages, and then perhaps the closing frame (1000, a normal end).
struct reaction {
  std::vector<message> messages{};
  bool closes = false;
};

/// The server's part in one WebSocket, without its socket.
class websocket_handler {
 public:
  virtual ~websocket_handler() = default;
  virtual reaction receive(const message& said) = 0;
};

/// Accepts a WebSocket (RFC 6455), of the subprotocols offered the first, and lets `handler` answer until one side
/// closes it. `early`: bytes that came behind the request. False: the connection broke before the closing frames had
/// been exchanged. The connection is over in any case.
boost::asio::awaitable<bool> serve_websocket(transport& wire, std::string early, const call& asked,
                                             websocket_handler& handler);

}  // namespace refrain::mock
