#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <chrono>
#include <optional>
#include <utility>

namespace refrain::mock {

/// A client's connection, plain or TLS. One coroutine at a time uses it, on the socket's executor. Failures are told by
/// the return value: the mock has no use for the reason.
class transport {
 public:
  /// `tls` null: plain. It must outlive the transport.
  transport(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;

  /// TLS: shakes hands. False: it failed.
  boost::asio::awaitable<bool> open();
  /// Writes all of it. False: the connection is broken.
  boost::asio::awaitable<bool> write(boost::asio::const_buffer bytes);
  /// The orderly end: what has been written arrives, then the client sees the end of the stream.
  boost::asio::awaitable<void> close();

  /// Waits, but not for a client that has gone: false as soon as it closed its side. TLS hides a client's farewell
  /// until the next read or write.
  boost::asio::awaitable<bool> pause(std::chrono::milliseconds span);
  /// Returns once the client has closed, dropping what it sends till then.
  boost::asio::awaitable<void> until_gone();
  /// The disorderly ends: FIN without TLS's farewell, or RST.
  void drop();
  void reset();

  /// A stream as Asio and Beast take them.
  using executor_type = boost::asio::any_io_executor;
  executor_type get_executor() { return socket_.get_executor(); }
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& into, Token&& token) {
    return tls_ ? tls_->async_read_some(into, std::forward<Token>(token))
                : socket_.async_read_some(into, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token) {
    return tls_ ? tls_->async_write_some(from, std::forward<Token>(token))
                : socket_.async_write_some(from, std::forward<Token>(token));
  }

 private:
  [[nodiscard]] bool client_left();

  boost::asio::ip::tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
};

}  // namespace refrain::mock
