#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace refrain::tests {

using header_list = std::vector<std::pair<std::string, std::string>>;

/// An answer as it came: names in lower case, the body joined from its chunks.
struct http_answer {
  int status = 0;
  header_list headers;
  std::string body;
  bool complete = false;  ///< its framing said so; a connection that broke leaves false

  /// The first field of that name; empty for none.
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
  /// HIT, MISS, ... of x-refrain-cache.
  [[nodiscard]] std::string outcome() const { return header("x-refrain-cache"); }
};

/// A blocking HTTP/1.1 client on one connection, for tests: it sends what it is told to the letter, and waits for
/// half a minute at most. One thread may send while another receives.
class http_client {
 public:
  /// `receive_buffer`: what the kernel keeps for a client that does not read, in bytes; 0 leaves it alone. With it, the
  /// sender's side keeps no more than it would for a client beyond a network.
  explicit http_client(std::uint16_t port, int receive_buffer = 0);
  ~http_client();
  http_client(http_client&&) noexcept;
  http_client& operator=(http_client&&) noexcept;

  /// A whole request with Content-Length and its answer.
  http_answer post(std::string_view path, std::string_view body, const header_list& headers = {});
  http_answer get(std::string_view path, const header_list& headers = {});
  http_answer request(std::string_view method, std::string_view path, std::string_view body,
                      const header_list& headers);
  /// The same without waiting for the answer.
  void ask(std::string_view method, std::string_view path, std::string_view body, const header_list& headers = {});

  /// Bytes as they are.
  void send(std::string_view bytes);
  /// The next answer on this connection. `to_head`: no body follows.
  http_answer receive(bool to_head = false);
  /// Just some bytes of it, at least one; empty at the end of the stream.
  std::string receive_some();
  /// Bytes until they hold `text`, or the stream ends.
  std::string receive_until(std::string_view text);
  /// Whether the other side has ended the connection and nothing is left to read.
  bool ended() { return receive_some().empty(); }
  /// Closes the connection, with a reset where `hard`.
  void leave(bool hard = false);

 private:
  struct socket;
  std::unique_ptr<socket> socket_;
};

}  // namespace refrain::tests
