#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "mock/call.h"
#include "mock/transport.h"

namespace refrain::mock {

/// Reads a connection's requests one after another, with Beast's parser. The order of use for each request: `head`,
/// then `body` or `body_piece` until it is done.
class request_reader {
 public:
  explicit request_reader(transport& wire) : wire_(wire) {}

  enum class head_state : std::uint8_t { read, ended, malformed };

  /// The next request's method, target and headers go into `into`.
  boost::asio::awaitable<head_state> head(call& into);
  /// The whole body. Nothing: it is malformed, or the connection ended within.
  boost::asio::awaitable<std::optional<std::string>> body();
  /// What has arrived of the body, at least a byte; empty once it is complete. Nothing: as for `body`.
  boost::asio::awaitable<std::optional<std::string>> body_piece();

  /// After the body: what came behind it, which is no request where the connection changes its protocol.
  [[nodiscard]] std::string take_rest();

  /// Whether the client waits for "100 Continue" before it sends the body.
  [[nodiscard]] bool expects_continue() const;
  /// Whether the client wants to send another request after this one.
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }
  /// Whether the client understands chunks (HTTP/1.1).
  [[nodiscard]] bool understands_chunks() const { return version_ >= 11; }

 private:
  using head_parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;
  using body_parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  transport& wire_;
  boost::beast::flat_buffer buffer_;
  std::optional<body_parser> body_;
  unsigned version_ = 11;
  bool keep_alive_ = true;
};

}  // namespace refrain::mock
