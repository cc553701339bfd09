#include "http/session.h"

#include <exception>
#include <optional>

#include "base/log.h"

namespace refrain::http {
namespace {

using base::errc;
using base::error;

constexpr std::size_t read_size = 4 << 10;

/// Reads until a whole head lies at the front of `arrived`. Its size; 0: the client ended cleanly, or said nothing in
/// time.
net::task<base::result<std::size_t>> await_head(net::connection& peer, const session_limits& limits, input& arrived) {
  std::size_t scanned = 0;
  std::optional<bool> limited;
  while (true) {
    // An empty line before a request is to be ignored (RFC 9112, section 2.2); half of one says nothing yet.
    while (scanned == 0 && arrived.view().starts_with("\r\n")) arrived.consume(2);
    const bool begun = !arrived.empty() && arrived.view() != "\r";
    if (begun) {
      const auto size = measure_head(arrived.view(), scanned, limits.head);
      if (!size) co_return base::fail(size.error());
      if (*size > 0) co_return *size;
    }
    // Each limit is set once: what trickles in does not prolong it.
    if (limited != begun) peer.limit(begun ? limits.head_time : limits.keep_alive_time);
    limited = begun;
    const auto space = arrived.space(read_size);
    const auto count = co_await peer.read_some(space);
    if (!count || *count == 0) co_return std::size_t{0};
    arrived.commit(*count);
  }
}

net::task<> answer_error(const service& handler, exchange& with, error why) {
  reply_head head{.status = base::traits_of(why.code).status, .fields = {}};
  head.add("Date", date_now());
  head.add("Content-Type", "application/json");
  head.add("x-should-retry", "false");
  const auto body = handler.error_body(why);
  (void)co_await with.send(head, std::string_view{body});
  if (handler.refused) handler.refused(with, why.code);
}

/// Lets the service answer; what it leaves undone becomes an error that the client can see.
net::task<> answer(const service& handler, exchange& with) {
  std::string bug;
  try {
    co_await handler.answer(with);
  } catch (const std::exception& thrown) {
    bug = thrown.what();
    base::log_error("bug: a request ended with an exception: {}", bug);
  }
  if (with.finished() || !with.peer().is_open()) co_return;
  if (with.started()) {
    with.abort();
    co_return;
  }
  with.close_after();
  error why{.code = errc::internal, .context = "the gateway could not answer this request"};
  co_await answer_error(handler, with, std::move(why));
}

}  // namespace

net::task<> serve_connection(std::shared_ptr<const service> handler, std::unique_ptr<net::connection> peer) {
  input arrived;
  request_head head;
  while (true) {
    const auto size = co_await await_head(*peer, handler->limits, arrived);
    if (size && *size == 0) co_return;
    peer->clear_limit();

    base::result<void> read = base::fail(errc::internal);
    if (!size) {
      read = base::fail(size.error());
    } else {
      read = parse_request_head(arrived.view().substr(0, *size), handler->limits.head, head);
      arrived.consume(*size);
    }
    if (!read) {
      // Where this request ends is unknown, and so where the next would begin.
      head = {};
      exchange with{*peer, handler->limits, head, arrived, false};
      co_await answer_error(*handler, with, read.error());
      (void)co_await with.prepare_next();
      co_return;
    }
    exchange with{*peer, handler->limits, head, arrived, !handler->stopping()};
    co_await answer(*handler, with);
    const bool go_on = co_await with.prepare_next();
    if (!go_on) co_return;
  }
}

}  // namespace refrain::http
