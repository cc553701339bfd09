#include "support/websocket.h"

#include <algorithm>
#include <array>

namespace refrain::tests {
namespace {

constexpr std::size_t two_byte_length = 126;
constexpr std::size_t eight_byte_length = 127;

/// A number in network order.
std::string in_bytes(std::uint64_t number, int count) {
  std::string bytes;
  for (int at = count - 1; at >= 0; --at) bytes += static_cast<char>(number >> (8 * at) & 0xff);
  return bytes;
}

std::uint64_t number_of(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const auto one : bytes) number = number << 8 | static_cast<unsigned char>(one);
  return number;
}

std::string frame_head(opcode kind, std::size_t size, bool masked) {
  const unsigned mark = masked ? 0x80 : 0;
  std::string head(1, static_cast<char>(0x80 | static_cast<unsigned>(kind)));
  if (size < two_byte_length) return head + static_cast<char>(mark | size);
  if (size < 1 << 16) return head + static_cast<char>(mark | two_byte_length) + in_bytes(size, 2);
  return head + static_cast<char>(mark | eight_byte_length) + in_bytes(size, 8);
}

}  // namespace

std::string client_frame(opcode kind, std::string_view payload) {
  constexpr std::array mask{'\x12', '\x34', '\x56', '\x78'};
  auto bytes = frame_head(kind, payload.size(), true).append(mask.data(), mask.size());
  for (std::size_t at = 0; at < payload.size(); ++at) bytes += static_cast<char>(payload[at] ^ mask[at % mask.size()]);
  return bytes;
}

std::string server_frame(opcode kind, std::string_view payload) {
  return frame_head(kind, payload.size(), false).append(payload);
}

std::string close_payload(unsigned code) { return in_bytes(code, 2); }

// The nonce and its proof are those of RFC 6455, section 1.3.
std::string opening(std::string_view path, std::string_view fields) {
  std::string text = "GET ";
  text.append(path).append(" HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n");
  text.append("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  return text.append(fields).append("\r\n");
}

std::string acceptance() {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
}

websocket_client::websocket_client(net::test_socket& over)
    : send_([&over](std::string_view bytes) { return over.send(bytes); }),
      receive_([&over] { return over.receive_some(); }) {}
websocket_client::websocket_client(net::test_tls_client& over)
    : send_([&over](std::string_view bytes) { return over.send(bytes); }),
      receive_([&over] { return over.receive_some(); }) {}

bool websocket_client::fill(std::size_t size) {
  while (arrived_.size() < size) {
    const auto more = receive_();
    if (more.empty()) return false;
    arrived_ += more;
  }
  return true;
}

std::string websocket_client::open(std::string_view path, std::string_view fields) {
  constexpr std::string_view mark = "\r\n\r\n";
  send_(opening(path, fields));
  while (!arrived_.contains(mark)) {
    if (!fill(arrived_.size() + 1)) break;
  }
  const auto end = std::min(arrived_.find(mark), arrived_.size());
  auto head = arrived_.substr(0, end);
  arrived_.erase(0, end + mark.size());
  return head;
}

void websocket_client::send(opcode kind, std::string_view payload) { send_(client_frame(kind, payload)); }

frame websocket_client::receive() {
  if (!fill(2)) return {};
  const auto kind = static_cast<opcode>(arrived_[0] & 0x0f);
  std::size_t size = arrived_[1] & 0x7f;
  const std::size_t length_bytes = size == two_byte_length ? 2 : size == eight_byte_length ? 8 : 0;
  if (!fill(2 + length_bytes)) return {};
  if (length_bytes > 0) size = number_of(std::string_view{arrived_}.substr(2, length_bytes));
  if (!fill(2 + length_bytes + size)) return {};
  frame whole{.kind = kind, .payload = arrived_.substr(2 + length_bytes, size)};
  arrived_.erase(0, 2 + length_bytes + size);
  return whole;
}

bool websocket_client::ended() { return arrived_.empty() && !fill(1); }

}  // namespace refrain::tests
