#include "gateway/relay.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <utility>

#include "gateway/assemble/reply.h"
#include "gateway/hangup_watch.h"
#include "gateway/send/send.h"
#include "gateway/sources/request_head.h"
#include "gateway/tunnel.h"

namespace refrain::gateway {
namespace {

using base::errc;
using base::fail;

/// One attempt to pass a request through. Both directions are awaited by the same coroutine, which owns the call: none
/// outlives it, however the other ends.
struct passage {
  http::exchange& client;
  const ask& request;
  parts& shared;
  entry::uncacheable_reason detail;
  std::unique_ptr<http::call> call{};
  hangup_watch watch{client.peer()};   ///< ends before the call, whose end it brings about
  std::optional<base::error> fault{};  ///< the client has sent no whole body, while there was somebody to read it
  bool answered = false;               ///< nothing more comes from the upstream
  std::exception_ptr bug{};            ///< what the answer's way down has thrown
};

/// Sends the body on as it comes; false where it broke off.
net::task<bool> send_on(passage& through) {
  const bool chunked = through.request.head->body == http::framing::chunked;
  while (true) {
    const auto piece = co_await through.client.read_some();
    if (!piece) {
      if (!through.answered) through.fault = piece.error();
      through.call->cancel();
      co_return false;
    }
    if (piece->empty() && !chunked) co_return true;
    const auto line = chunked ? http::chunk_line(piece->size()) : std::string{};
    const std::string_view end = chunked ? "\r\n" : "";
    const auto sent = co_await through.call->write(line, *piece, end);
    // An upstream that reads no more may have answered already.
    if (!sent) co_return false;
    if (piece->empty()) co_return true;
  }
}

/// The client's body on its way up. Ends only by being cancelled, once the answer has ended: that decides how long
/// both go on.
net::task<> upload(passage& through) {
  const bool whole = co_await send_on(through);
  if (whole) {
    through.call->sent();
    through.watch.start([&through] { through.call->cancel(); });
  }
  net::asio::steady_timer forever{through.client.peer().home().get_executor(),
                                  net::asio::steady_timer::time_point::max()};
  co_await forever.async_wait(net::asio::use_awaitable);
}

outgoing describe(const ask& request) {
  const auto& head = *request.head;
  outgoing made{.method = head.method,
                .path = request.where.path,
                .query = request.where.query,
                .clients = &request.at->settings.clients};
  if (head.body == http::framing::length || head.find("content-length")) made.length = head.length;
  made.chunked = head.body == http::framing::chunked;
  made.websocket = http::asks_for_websocket(head);
  return made;
}

reply reply_of(const passage& through, const entry::answer_head& answer) {
  reply made{.head = head_of_answer(through.request, answer, false)};
  if (through.request.where.endpoint != nullptr && through.detail != entry::uncacheable_reason::none) {
    add_cache_fields(
        made, {.fwd = cache::forward::bypass, .fwd_status = answer.status, .detail = entry::to_string(through.detail)});
  } else {
    made.head.add("x-refrain-cache", entry::to_string(entry::outcome::bypass));
  }
  open_to_origin(made.head, through.request);
  return made;
}

/// The answer on its way down; an error where nothing was sent yet.
net::task<base::result<void>> download(passage& through) {
  const auto head = co_await through.call->read_head(through.request.head->method == "HEAD");
  if (!head) co_return fail(head.error());
  if (switches_protocols(**head)) {
    auto done = co_await tunnel(through.client, through.request, through.shared, *through.call, **head);
    co_return done;
  }
  const auto answer = read_answer_head(**head);
  auto made = reply_of(through, answer);
  (void)co_await send_relayed(through.client, std::move(made.head), answer.length, *through.call);
  co_return base::result<void>{};
}

/// The same, beside an upload: whatever becomes of it, that ends with it.
net::task<base::result<void>> download_to_end(passage& through) {
  base::result<void> done;
  try {
    done = co_await download(through);
  } catch (...) {
    through.bug = std::current_exception();
  }
  through.answered = true;
  co_return done;
}

/// `body`: the whole body where it has arrived already, so that it can be sent in one go, and again.
net::task<base::result<void>> attempt(passage& through, http::client& upstreams, std::optional<std::string_view> body,
                                      bool fresh) {
  using namespace net::asio::experimental::awaitable_operators;
  const auto& to = *through.request.where.to;
  auto call = co_await upstreams.open(to.route, fresh);
  if (!call) co_return fail(call.error());
  through.call = std::move(*call);
  const auto how = describe(through.request);
  if (how.websocket) through.call->expect_switch();
  const auto head = write_head(to, how, through.request.head->fields, *through.request.who, through.shared.via);
  const auto sent = co_await through.call->write(head, body.value_or(""));
  if (!sent) co_return fail(sent.error());

  base::result<void> done;
  if (body) {
    through.call->sent();
    through.watch.start([&through] { through.call->cancel(); });
    done = co_await download(through);
  } else {
    auto both = upload(through) || download_to_end(through);
    auto ended = co_await std::move(both);
    done = std::get<1>(std::move(ended));
    if (through.bug) std::rethrow_exception(through.bug);
  }
  if (!done && through.fault) co_return fail(*through.fault);
  co_return done;
}

}  // namespace

net::task<std::optional<base::error>> relay(http::exchange& client, const ask& request, parts& shared,
                                            http::client& upstreams, entry::uncacheable_reason detail) {
  shared.counts.relayed(request.where.to->name);
  passage through{.client = client, .request = request, .shared = shared, .detail = detail};
  const auto body = client.body_at_hand();
  auto done = co_await attempt(through, upstreams, body, false);
  if (!done && done.error().retry && body) done = co_await attempt(through, upstreams, body, true);
  if (done) co_return std::nullopt;
  shared.counts.call_failed(request.where.to->name, done.error().code);
  if (client.started() || !client.peer().is_open()) co_return std::nullopt;
  client.close_after();
  co_return std::move(done).error();
}

}  // namespace refrain::gateway
