#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <cstddef>
#include <memory>

namespace refrain::mock {

/// A client's connection, plain or TLS. One coroutine at a time uses it, on the socket's executor. Failures are told by
/// the return value: the mock has no use for the reason.
class transport {
 public:
  virtual ~transport() = default;

  /// TLS: shakes hands. False: it failed.
  virtual boost::asio::awaitable<bool> open() = 0;
  /// Bytes read into `into`; 0: the client closed, or the connection is broken.
  virtual boost::asio::awaitable<std::size_t> read(boost::asio::mutable_buffer into) = 0;
  /// Writes all of it. False: the connection is broken.
  virtual boost::asio::awaitable<bool> write(boost::asio::const_buffer bytes) = 0;
  /// The orderly end: what has been written arrives, then the client sees the end of the stream.
  virtual boost::asio::awaitable<void> close() = 0;

  [[nodiscard]] boost::asio::any_io_executor executor() { return socket().get_executor(); }

  /// Waits, but not for a client that has gone: false as soon as it closed its side. TLS hides a client's farewell
  /// until the next read or write.
  boost::asio::awaitable<bool> pause(std::chrono::milliseconds span);
  /// Returns once the client has closed, dropping what it sends till then.
  boost::asio::awaitable<void> until_gone();
  /// The disorderly ends: FIN without TLS's farewell, or RST.
  void drop();
  void reset();

 protected:
  virtual boost::asio::ip::tcp::socket& socket() = 0;

 private:
  [[nodiscard]] bool client_left();
};

/// `tls` null: plain. It must outlive the transport.
[[nodiscard]] std::unique_ptr<transport> make_transport(boost::asio::ip::tcp::socket socket,
                                                        boost::asio::ssl::context* tls);

}  // namespace refrain::mock
