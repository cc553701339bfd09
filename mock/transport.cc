#include "mock/transport.h"

#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>

namespace refrain::mock {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr auto farewell_limit = 1s;  // a client that answers no close_notify is not waited for longer

class plain_transport final : public transport {
 public:
  explicit plain_transport(tcp::socket socket) : socket_(std::move(socket)) {}

  asio::awaitable<bool> open() override { co_return true; }

  asio::awaitable<std::size_t> read(asio::mutable_buffer into) override {
    const auto [fault, count] = co_await socket_.async_read_some(into, quiet);
    co_return fault ? 0 : count;
  }

  asio::awaitable<bool> write(asio::const_buffer bytes) override {
    const auto [fault, count] = co_await asio::async_write(socket_, bytes, quiet);
    co_return !fault;
  }

  asio::awaitable<void> close() override {
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    drop();
    co_return;
  }

 protected:
  tcp::socket& socket() override { return socket_; }

 private:
  tcp::socket socket_;
};

class tls_transport final : public transport {
 public:
  tls_transport(tcp::socket socket, asio::ssl::context& tls) : stream_(std::move(socket), tls) {}

  asio::awaitable<bool> open() override {
    const auto [fault] = co_await stream_.async_handshake(asio::ssl::stream_base::server, quiet);
    co_return !fault;
  }

  asio::awaitable<std::size_t> read(asio::mutable_buffer into) override {
    const auto [fault, count] = co_await stream_.async_read_some(into, quiet);
    co_return fault ? 0 : count;
  }

  asio::awaitable<bool> write(asio::const_buffer bytes) override {
    const auto [fault, count] = co_await asio::async_write(stream_, bytes, quiet);
    co_return !fault;
  }

  asio::awaitable<void> close() override {
    asio::steady_timer limit(stream_.get_executor(), farewell_limit);
    auto farewell = stream_.async_shutdown(quiet) || limit.async_wait(quiet);
    co_await std::move(farewell);
    drop();
  }

 protected:
  tcp::socket& socket() override { return stream_.next_layer(); }

 private:
  asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

asio::awaitable<bool> transport::pause(std::chrono::milliseconds span) {
  if (span <= 0ms) co_return true;
  asio::steady_timer timer(socket().get_executor(), span);
  auto race = timer.async_wait(quiet) || socket().async_wait(tcp::socket::wait_read, quiet);
  const auto first = co_await std::move(race);
  if (first.index() == 0) co_return true;
  if (client_left()) co_return false;
  // There is something to read already, so the socket has nothing more to tell.
  co_await timer.async_wait(quiet);
  co_return true;
}

asio::awaitable<void> transport::until_gone() {
  std::array<char, 4096> dropped;
  while (true) {
    const auto count = co_await read(asio::buffer(dropped));
    if (count == 0) co_return;
  }
}

void transport::drop() {
  boost::system::error_code ignored;
  socket().close(ignored);
}

void transport::reset() {
  boost::system::error_code ignored;
  socket().set_option(asio::socket_base::linger(true, 0), ignored);
  socket().close(ignored);
}

bool transport::client_left() {
  char byte = 0;
  const auto seen = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return seen == 0 || (seen < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

std::unique_ptr<transport> make_transport(tcp::socket socket, asio::ssl::context* tls) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  if (tls == nullptr) return std::make_unique<plain_transport>(std::move(socket));
  return std::make_unique<tls_transport>(std::move(socket), *tls);
}

}  // namespace refrain::mock
