#include "net/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstring>

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

/// The closing alert as it goes on the wire; empty where there is none to send. Asio's own way to send it also waits
/// for the peer's, and takes content that arrives meanwhile for a fault.
std::string closing_alert(SSL* handle) {
  if (SSL_is_init_finished(handle) == 0 || (SSL_get_shutdown(handle) & SSL_SENT_SHUTDOWN) != 0) return {};
  BIO* const usual = SSL_get_wbio(handle);
  BIO* const aside = BIO_new(BIO_s_mem());
  if (usual == nullptr || aside == nullptr) return {};
  BIO_up_ref(usual);
  SSL_set0_wbio(handle, aside);
  (void)SSL_shutdown(handle);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(aside, &bytes);
  std::string alert(bytes, size > 0 ? static_cast<std::size_t>(size) : 0);
  SSL_set0_wbio(handle, usual);
  ERR_clear_error();
  return alert;
}

/// Whether the peer has ended its stream, whatever is still to be read of it. The kernel knows (tcp(7), TCP_INFO).
bool has_ended(int descriptor) noexcept {
  tcp_info about{};
  socklen_t size = sizeof about;
  if (::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &about, &size) != 0) return true;
  return about.tcpi_state != TCP_ESTABLISHED;
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
      stall_(home.timeouts(), [this] { fall_due(); }),
      next_look_(home.timeouts(), [this] { look(); }) {}

connection::~connection() { close(); }

task<base::result<std::size_t>> connection::read_some(std::span<char> into) {
  unwatch_hangup();
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
        // Small pieces share a record, which Asio joins; a large one goes alone.
        std::tie(fault, count) = co_await stream_->tls->async_write_some(now, as_result);
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
  gone_ = std::move(gone);
  // Most answers come before the first look: to wait for the socket at once would cost each of them a call of the
  // kernel's.
  next_look_.arm({});
}

void connection::look() {
  if (looks_for_end_) return look_for_end();
  stream_->watching = std::make_shared<bool>(true);
  stream_->socket.async_wait(asio::socket_base::wait_read, [this, watching = stream_->watching](error_code fault) {
    if (!*watching) return;
    char byte = 0;
    const auto got = fault ? 1 : ::recv(stream_->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got > 0 && !fault && stream_->tls) return look_for_end();
    const bool nothing_yet = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    end_watch(got <= 0 && !nothing_yet);
  });
}

/// What has arrived may be a closing alert or the next request, which only reading would tell: so this asks the kernel,
/// again and again, whether the stream ends after it.
void connection::look_for_end() {
  if (has_ended(stream_->socket.native_handle())) return end_watch(true);
  looks_for_end_ = true;
  next_look_.arm(deadlines::grain);
}

void connection::end_watch(bool has_gone) {
  const auto gone = std::move(gone_);
  unwatch_hangup();
  if (has_gone) gone();
}

void connection::unwatch_hangup() noexcept {
  // The asynchronous wait itself goes on until something arrives, and then does nothing.
  if (stream_->watching) *stream_->watching = false;
  stream_->watching.reset();
  next_look_.disarm();
  looks_for_end_ = false;
  gone_ = nullptr;
}

task<> connection::end_writing(std::chrono::milliseconds stall) {
  error_code ignored;
  if (stream_->tls) {
    const auto alert = closing_alert(stream_->tls->native_handle());
    stall_.arm(stall);
    (void)co_await asio::async_write(stream_->socket, asio::buffer(alert), as_result);
    stall_.disarm();
  }
  stream_->socket.shutdown(asio::socket_base::shutdown_send, ignored);
}

task<> connection::finish(std::chrono::milliseconds timeout) {
  co_await end_writing(timeout);
  limit(timeout);
  char dropped[4096];
  for (bool more = true; more;) {
    const auto count = co_await read_some(dropped);
    more = count && *count > 0;
  }
  close();
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
  if (end.protocol().family() == AF_UNIX) return "a unix socket";
  asio::ip::tcp::endpoint internet;
  internet.resize(end.size());
  std::memcpy(internet.data(), end.data(), end.size());
  return internet.address().to_string() + ':' + std::to_string(internet.port());
}

void connection::fall_due() {
  timed_out_ = true;
  close();
}

}  // namespace refrain::net
