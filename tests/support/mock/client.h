#pragma once

#include <poll.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/none.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mock/behaviour.h"

/// A blocking client for the tests of this folder.
namespace refrain::mock::test {

/// A request's text, with its Content-Length.
inline std::string request(std::string_view method, std::string_view target, std::string_view body = {},
                           const std::vector<header>& headers = {}) {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: mock\r\n");
  for (const auto& [name, value] : headers) text.append(name).append(": ").append(value).append("\r\n");
  if (!body.empty()) text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  return text.append("\r\n").append(body);
}

/// A response, and how its reading ended: no fault where it was complete.
struct response {
  unsigned status = 0;
  std::string body;
  boost::beast::http::fields fields;
  boost::beast::error_code fault;
  [[nodiscard]] std::string field(std::string_view name) const { return std::string(fields[name]); }
};

class client {
 public:
  explicit client(std::uint16_t port) : socket_(io_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }

  void send(std::string_view bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }

  /// Reads one response as far as it comes. `to_head`: it answers HEAD.
  response receive(bool to_head = false) {
    namespace http = boost::beast::http;
    http::response_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    parser.skip(to_head);
    response got;
    http::read(socket_, buffer_, parser, got.fault);
    got.status = parser.get().result_int();
    got.body = parser.get().body();
    got.fields = parser.get().base();
    return got;
  }

  response ask(std::string_view text) {
    send(text);
    return receive();
  }

  /// Reads until `mark` has come, and returns all that came; what follows stays unread or is in it.
  std::string receive_until(std::string_view mark) {
    std::string got;
    boost::system::error_code fault;
    while (!fault && got.find(mark) == std::string::npos) {
      char bytes[4096];
      const auto count = socket_.read_some(boost::asio::buffer(bytes), fault);
      got.append(bytes, count);
    }
    return got;
  }

  /// Whether nothing comes, not even the end, for `span`.
  bool is_silent_for(std::chrono::milliseconds span) {
    pollfd one{.fd = socket_.native_handle(), .events = POLLIN, .revents = 0};
    return ::poll(&one, 1, static_cast<int>(span.count())) == 0;
  }

  boost::asio::ip::tcp::socket& socket() { return socket_; }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
};

}  // namespace refrain::mock::test
