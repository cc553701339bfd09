#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <utility>

#include "mock/journal.h"
#include "mock/options.h"
#include "mock/reply_writer.h"
#include "mock/request_reader.h"
#include "mock/routes.h"
#include "mock/transport.h"

namespace refrain::mock {

/// One client's connection from handshake to end: reads a request, finds its route, has the answer made, and plays it.
class session {
 public:
  /// `tls` (null: plain), `defaults` and `book` outlive the session.
  session(boost::asio::ip::tcp::socket client, boost::asio::ssl::context* tls, const options& defaults, journal& book)
      : wire_(std::move(client), tls), defaults_(defaults), book_(book), reader_(wire_) {}

  boost::asio::awaitable<void> run();

 private:
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> answer_call(const route& row);
  boost::asio::awaitable<void> serve_socket(const route& row);
  /// Sends the body back chunk by chunk, with its Content-Type and the method and target as received.
  boost::asio::awaitable<bool> send_back();
  boost::asio::awaitable<bool> play(answer reply);

  /// Why the call is not served as usual: a bad control, a missing key, a status that was asked for.
  [[nodiscard]] std::optional<answer> turned_down(const provider& speaks, const std::string& bad_control) const;

  transport wire_;
  const options& defaults_;
  journal& book_;
  request_reader reader_;
  call call_;
};

}  // namespace refrain::mock
