#include "net/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "net/connection_transport.h"

namespace refrain::net {
namespace {

using base::errc;
using base::fail;
using boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// How many pieces one gather write takes; more are written in turns.
constexpr std::size_t gather = 16;

std::size_t gather_some(std::span<const std::string_view> pieces, std::size_t skip,
                        std::array<asio::const_buffer, gather>& into) {
  std::size_t count = 0;
  for (const auto piece : pieces) {
    if (count == into.size()) break;
    if (skip >= piece.size()) {
      skip -= piece.size();
      continue;
    }
    into[count++] = asio::buffer(piece.substr(skip));
    skip = 0;
  }
  return count;
}

/// Whether TLS has taken more from the socket than was read: content, or records that nobody has looked into yet, such
/// as the closing alert.
bool holds_more(SSL* handle) noexcept {
  return SSL_pending(handle) > 0 || BIO_pending(SSL_get_rbio(handle)) > 0 || SSL_get_shutdown(handle) != 0;
}

}  // namespace

base::error to_error(const error_code& fault) {
  const bool refused = fault == asio::error::connection_refused;
  return {.code = refused ? errc::upstream_unreachable : errc::closed, .context = fault.message(), .retry = true};
}

void prepare(asio::ip::tcp::socket& socket) {
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
}

connection::connection(loop& home, std::unique_ptr<transport> stream)
    : home_(home),
      stream_(std::move(stream)),
      limit_(home.timeouts(), [this] { fall_due(); }),
      stall_(home.timeouts(), [this] { fall_due(); }) {}

connection::~connection() { close(); }

task<base::result<std::size_t>> connection::read_some(std::span<char> into) {
  const asio::mutable_buffer space{into.data(), into.size()};
  error_code fault;
  std::size_t count = 0;
  if (stream_->tls) {
    std::tie(fault, count) = co_await stream_->tls->async_read_some(space, as_result);
  } else {
    std::tie(fault, count) = co_await stream_->socket.async_read_some(space, as_result);
  }
  if (fault == asio::error::eof) co_return 0;
  if (fault) co_return fail(to_error(fault));
  co_return count;
}

task<base::result<void>> connection::write(std::span<const std::string_view> pieces, std::chrono::milliseconds stall) {
  std::size_t total = 0;
  for (const auto piece : pieces) total += piece.size();

  std::array<asio::const_buffer, gather> some;
  for (std::size_t done = 0; done < total;) {
    const std::span now{some.data(), gather_some(pieces, done, some)};
    error_code fault = asio::error::would_block;
    std::size_t count = 0;
    // The socket nearly always has room: asking it first saves a turn of the event loop.
    if (!stream_->tls) count = stream_->socket.write_some(now, fault);
    if (fault == asio::error::would_block) {
      stall_.arm(stall);
      if (stream_->tls) {
        // OpenSSL takes one piece a record, so that the first piece goes alone.
        std::tie(fault, count) = co_await stream_->tls->async_write_some(now.front(), as_result);
      } else {
        std::tie(fault, count) = co_await stream_->socket.async_write_some(now, as_result);
      }
      stall_.disarm();
    }
    if (fault) co_return fail(to_error(fault));
    done += count;
  }
  co_return base::result<void>{};
}

bool connection::is_quiet() noexcept {
  if (!is_open()) return false;
  if (stream_->tls && holds_more(stream_->tls->native_handle())) return false;
  char byte = 0;
  const auto got = ::recv(stream_->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void connection::watch_hangup(std::function<void()> gone) {
  unwatch_hangup();
  stream_->watching = std::make_shared<bool>(true);
  stream_->socket.async_wait(
      asio::ip::tcp::socket::wait_read, [this, watching = stream_->watching, gone = std::move(gone)](error_code fault) {
        if (!*watching) return;
        *watching = false;
        if (fault) return;
        char byte = 0;
        const auto got = ::recv(stream_->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        const bool nothing_yet = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        if (got <= 0 && !nothing_yet) gone();
      });
}

void connection::unwatch_hangup() noexcept {
  // The wait itself stays with the reactor until something arrives; it then finds that nobody listens.
  if (stream_->watching) *stream_->watching = false;
  stream_->watching.reset();
}

void connection::shut_down_writing() noexcept {
  error_code ignored;
  stream_->socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void connection::close() noexcept {
  limit_.disarm();
  stall_.disarm();
  unwatch_hangup();
  error_code ignored;
  stream_->socket.close(ignored);
}

void connection::abort() noexcept {
  error_code ignored;
  stream_->socket.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

bool connection::is_open() const noexcept { return stream_->socket.is_open(); }

std::string connection::peer() const {
  error_code ignored;
  const auto end = stream_->socket.remote_endpoint(ignored);
  return end.address().to_string() + ':' + std::to_string(end.port());
}

void connection::fall_due() {
  timed_out_ = true;
  close();
}

}  // namespace refrain::net
