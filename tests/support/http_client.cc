#include "support/http_client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "base/text.h"

namespace refrain::tests {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

/// A test that waits for ever tells nothing. (A receive time-out on the socket would not do: Asio then polls.)
constexpr int timeout_ms = 30'000;

/// A socket that gives up.
struct patient_stream {
  tcp::socket& inner;

  template <class Buffers>
  std::size_t read_some(const Buffers& into, error_code& fault) {
    pollfd readable{.fd = inner.native_handle(), .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, timeout_ms) == 0) {
      fault = asio::error::timed_out;
      return 0;
    }
    return inner.read_some(into, fault);
  }
  template <class Buffers>
  std::size_t read_some(const Buffers& into) {
    error_code ignored;
    return read_some(into, ignored);
  }
};

}  // namespace

struct http_client::socket {
  asio::io_context context;
  tcp::socket stream{context};
  beast::flat_buffer buffer;
};

std::string http_answer::header(std::string_view name) const {
  const auto at = std::ranges::find(headers, name, &header_list::value_type::first);
  return at == headers.end() ? "" : at->second;
}

std::size_t http_answer::count(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::count(headers, name, &header_list::value_type::first));
}

http_client::http_client(std::uint16_t port, int receive_buffer) : socket_(std::make_unique<socket>()) {
  auto& stream = socket_->stream;
  stream.open(tcp::v4());
  // Before connecting, as the window that is offered depends on it.
  if (receive_buffer > 0) {
    stream.set_option(asio::socket_base::receive_buffer_size(receive_buffer));
    // So does the sender's buffer on its segments: with loopback's of 64 KiB it would take megabytes.
    const int segment = 1448;
    ::setsockopt(stream.native_handle(), IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
  }
  stream.connect({asio::ip::make_address("127.0.0.1"), port});
  stream.set_option(tcp::no_delay(true));
}
http_client::~http_client() = default;
http_client::http_client(http_client&&) noexcept = default;
http_client& http_client::operator=(http_client&&) noexcept = default;

http_answer http_client::post(std::string_view path, std::string_view body, const header_list& headers) {
  return request("POST", path, body, headers);
}

http_answer http_client::get(std::string_view path, const header_list& headers) {
  return request("GET", path, "", headers);
}

http_answer http_client::request(std::string_view method, std::string_view path, std::string_view body,
                                 const header_list& headers) {
  ask(method, path, body, headers);
  return receive(method == "HEAD");
}

void http_client::ask(std::string_view method, std::string_view path, std::string_view body,
                      const header_list& headers) {
  std::string text;
  text.append(method).append(" ").append(path).append(" HTTP/1.1\r\n");
  const bool own_host =
      std::ranges::any_of(headers, [](const auto& one) { return base::to_lower(one.first) == "host"; });
  if (!own_host) text.append("Host: localhost\r\n");
  for (const auto& [name, value] : headers) text.append(name).append(": ").append(value).append("\r\n");
  if (method == "POST" || !body.empty()) {
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  }
  text.append("\r\n").append(body);
  send(text);
}

void http_client::send(std::string_view bytes) {
  error_code ignored;
  asio::write(socket_->stream, asio::buffer(bytes), ignored);
}

http_answer http_client::receive(bool to_head) {
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(boost::none);
  parser.header_limit(1 << 20);
  parser.skip(to_head);
  patient_stream from{socket_->stream};
  error_code fault;
  beast::http::read(from, socket_->buffer, parser, fault);
  http_answer got;
  got.complete = !fault;
  if (!parser.is_header_done()) return got;
  const auto& message = parser.get();
  got.status = static_cast<int>(message.result_int());
  for (const auto& field : message) {
    got.headers.emplace_back(base::to_lower({field.name_string().data(), field.name_string().size()}),
                             std::string(field.value()));
  }
  got.body = message.body();
  return got;
}

std::string http_client::receive_some() {
  std::string bytes(16 << 10, '\0');
  patient_stream from{socket_->stream};
  error_code fault;
  bytes.resize(from.read_some(asio::buffer(bytes), fault));
  return bytes;
}

std::string http_client::receive_until(std::string_view text) {
  std::string all;
  while (!all.contains(text)) {
    const auto some = receive_some();
    if (some.empty()) break;
    all.append(some);
  }
  return all;
}

void http_client::leave(bool hard) {
  error_code ignored;
  if (hard) socket_->stream.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_->stream.close(ignored);
}

}  // namespace refrain::tests
