#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "mock/journal.h"
#include "mock/options.h"
#include "mock/reply_writer.h"
#include "mock/request_reader.h"
#include "mock/routes.h"
#include "mock/talk.h"
#include "mock/transport.h"

namespace refrain::mock {

/// One client's connection from handshake to end: reads a request, finds its route, has the answer made, and plays it.
class session {
 public:
  /// `defaults` and `book` outlive the session.
  session(std::unique_ptr<transport> wire, const options& defaults, journal& book)
      : wire_(std::move(wire)), defaults_(defaults), book_(book), reader_(*wire_) {}

  boost::asio::awaitable<void> run();

 private:
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> answer_call(const route& row);
  boost::asio::awaitable<void> talk(const talk_route& row);
  boost::asio::awaitable<bool> send_back();
  boost::asio::awaitable<bool> play(answer reply);
  boost::asio::awaitable<bool> refuse_malformed();

  /// Why the call is not served as usual: a bad control, a missing key, a status that was asked for.
  [[nodiscard]] std::optional<answer> turned_down(const provider& speaks, const std::string& bad_control) const;
  [[nodiscard]] reply_plan plan_of(const answer& head, std::uint64_t size, std::size_t pieces) const;
  boost::asio::awaitable<bool> let_body_come();

  std::unique_ptr<transport> wire_;
  const options& defaults_;
  journal& book_;
  request_reader reader_;
  call call_;
};

}  // namespace refrain::mock
