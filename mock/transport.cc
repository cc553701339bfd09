#include "mock/transport.h"

#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

namespace refrain::mock {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr auto farewell_limit = 1s;  // a client that answers no close_notify is not waited for longer

}  // namespace

transport::transport(tcp::socket socket, asio::ssl::context* tls) : socket_(std::move(socket)) {
  boost::system::error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  if (tls != nullptr) tls_.emplace(socket_, *tls);
}

asio::awaitable<bool> transport::open() {
  if (!tls_) co_return true;
  const auto [fault] = co_await tls_->async_handshake(asio::ssl::stream_base::server, quiet);
  co_return !fault;
}

asio::awaitable<bool> transport::write(asio::const_buffer bytes) {
  const auto [fault, count] = co_await asio::async_write(*this, bytes, quiet);
  co_return !fault;
}

asio::awaitable<void> transport::close() {
  if (tls_) {
    asio::steady_timer limit(get_executor(), farewell_limit);
    auto farewell = tls_->async_shutdown(quiet) || limit.async_wait(quiet);
    co_await std::move(farewell);
  } else {
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
  }
  drop();
}

asio::awaitable<bool> transport::pause(std::chrono::milliseconds span) {
  if (span <= 0ms) co_return true;
  asio::steady_timer timer(get_executor(), span);
  auto race = timer.async_wait(quiet) || socket_.async_wait(tcp::socket::wait_read, quiet);
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
    const auto [fault, count] = co_await async_read_some(asio::buffer(dropped), quiet);
    if (fault) co_return;
  }
}

void transport::drop() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void transport::reset() {
  boost::system::error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  drop();
}

bool transport::client_left() {
  char byte = 0;
  const auto seen = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return seen == 0 || (seen < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

}  // namespace refrain::mock
