#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "support/http_client.h"
#include "support/net/socket.h"
#include "support/net/tls_client.h"

namespace refrain::tests {

/// What a frame is (RFC 6455, section 5.2).
enum class opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10, none = 15 };

/// One frame as it came. `none`: the stream ended before it was whole.
struct frame {
  opcode kind = opcode::none;
  std::string payload;
  friend bool operator==(const frame&, const frame&) = default;
};

/// The bytes of a frame as clients send it: whole and masked.
[[nodiscard]] std::string client_frame(opcode kind, std::string_view payload);
/// As servers send it: whole and plain.
[[nodiscard]] std::string server_frame(opcode kind, std::string_view payload);
/// The payload of a closing frame.
[[nodiscard]] std::string close_payload(unsigned code);

/// The request that opens a WebSocket; `fields`: further `name: value\r\n` lines.
[[nodiscard]] std::string opening(std::string_view path, std::string_view fields = "");
/// The answer that accepts it.
[[nodiscard]] std::string acceptance();

/// A WebSocket client for tests, over a blocking connection that outlives it. It knows no more than frames.
class websocket_client {
 public:
  explicit websocket_client(net::test_socket& over);
  explicit websocket_client(net::test_tls_client& over);

  /// Sends the request and reads the answer's head, which it returns; a body stays unread.
  std::string open(std::string_view path, std::string_view fields = "");
  void send(opcode kind, std::string_view payload);
  frame receive();
  /// Whether nothing is left to read and the other side has ended its stream.
  bool ended();

 private:
  bool fill(std::size_t size);

  std::function<bool(std::string_view)> send_;
  std::function<std::string()> receive_;
  std::string arrived_;
};

}  // namespace refrain::tests
