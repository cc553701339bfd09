#include "gateway/relay.h"

#include <algorithm>
#include <memory>

#include "gateway/forward.h"
#include "gateway/reply.h"
#include "gateway/tunnel.h"
#include "net/signal.h"

namespace refrain::gateway {
namespace {

using base::errc;
using base::fail;

/// The client's body on its way up, beside the answer on its way down.
struct upload {
  http::exchange& from;
  http::call& to;
  net::signal ended{};
  bool done = false;
  std::optional<base::error> fault{};  ///< the client has sent no whole body
};

/// While nothing is read from the client its leaving has to be watched for.
void watch_client(http::exchange& client, http::call& call) {
  client.peer().watch_hangup([&call] { call.cancel(); });
}

/// Sends the body on as it comes; false where it broke off.
net::task<bool> send_on(std::shared_ptr<upload> body) {
  const bool chunked = body->from.request().body == http::framing::chunked;
  while (true) {
    const auto piece = co_await body->from.read_some();
    if (!piece) {
      body->fault = piece.error();
      body->to.cancel();
      co_return false;
    }
    if (piece->empty() && !chunked) co_return true;
    const auto line = chunked ? http::chunk_line(piece->size()) : std::string{};
    const std::string_view end = chunked ? "\r\n" : "";
    const auto sent = co_await body->to.write(line, *piece, end);
    // An upstream that reads no more may have answered already.
    if (!sent) co_return false;
    if (piece->empty()) co_return true;
  }
}

net::task<> pump(std::shared_ptr<upload> body) {
  const bool whole = co_await send_on(body);
  if (whole) {
    body->to.sent();
    watch_client(body->from, body->to);
  }
  body->done = true;
  body->ended.raise();
}

outgoing describe(const transaction& now) {
  const auto& head = now.with.request();
  outgoing what{.method = head.method, .path = now.where.path, .query = now.where.query};
  if (head.body == http::framing::length || head.find("content-length")) what.length = head.length;
  what.chunked = head.body == http::framing::chunked;
  what.websocket = http::asks_for_websocket(head);
  return what;
}

http::reply_head reply_of(const entry::answer_head& answer, transaction& now, entry::uncacheable_reason detail) {
  auto head = reply_head_of(answer, now, false);
  if (now.where.endpoint != nullptr && detail != entry::uncacheable_reason::none) {
    add_cache_fields(head, now,
                     {.fwd = cache::forward::bypass, .fwd_status = answer.status, .detail = entry::to_string(detail)});
  } else {
    head.add("x-refrain-cache", entry::to_string(entry::outcome::bypass));
  }
  return head;
}

/// The answer on its way down; an error where nothing was sent yet.
net::task<base::result<void>> download(transaction& now, parts& shared, http::call& call,
                                       entry::uncacheable_reason detail) {
  const auto head = co_await call.read_head(now.with.request().method == "HEAD");
  if (!head) co_return fail(head.error());
  if (switches_protocols(**head)) {
    auto done = co_await tunnel(now, shared, call, **head);
    co_return done;
  }
  const auto answer = read_answer_head(**head);
  const auto reply = reply_of(answer, now, detail);
  now.with.start(reply, answer.length);
  for (bool ended = false; !ended;) {
    if (!call.at_hand()) (void)co_await now.with.flush();
    const auto piece = co_await call.read_some();
    if (!piece) {
      now.with.abort();
      break;
    }
    ended = piece->empty() || call.at_end();
    const auto sent = co_await now.with.write(std::span{&*piece, 1}, ended);
    if (!sent) break;
  }
  co_return base::result<void>{};
}

/// One attempt. `body`: the whole body where it has arrived already, so that it can be sent in one go, and again.
net::task<base::result<void>> attempt(transaction& now, parts& shared, http::client& upstreams,
                                      entry::uncacheable_reason detail, std::optional<std::string_view> body,
                                      bool fresh) {
  auto call = co_await upstreams.open(now.where.to->route, fresh);
  if (!call) co_return fail(call.error());
  const auto what = describe(now);
  if (what.websocket) (*call)->expect_switch();
  const auto head = write_head(*now.where.to, what, now.with.request().fields, *now.who, shared.via);
  const auto sent = co_await (*call)->write(head, body.value_or(""));
  if (!sent) co_return fail(sent.error());

  auto rest = std::make_shared<upload>(now.with, **call);
  rest->done = body.has_value();
  if (rest->done) {
    (*call)->sent();
    watch_client(now.with, **call);
  } else {
    net::spawn(upstreams.home().get_executor(), pump(rest));
  }
  auto done = co_await download(now, shared, **call, detail);
  // The answer may come before the request is whole: what is left of it has no reader any more.
  while (!rest->done) {
    (*call)->cancel();
    const auto seen = rest->ended.version();
    if (!rest->done) co_await rest->ended.wait_past(seen);
  }
  now.with.peer().unwatch_hangup();
  if (!done && rest->fault) co_return fail(*rest->fault);
  co_return done;
}

}  // namespace

net::task<> relay(transaction& now, parts& shared, http::client& upstreams, entry::uncacheable_reason detail) {
  now.result = entry::outcome::bypass;
  shared.counts.relayed(now.where.to->name);
  const auto body = now.with.body_at_hand();
  auto done = co_await attempt(now, shared, upstreams, detail, body, false);
  if (!done && done.error().retry && body) done = co_await attempt(now, shared, upstreams, detail, body, true);
  if (done) co_return;
  shared.counts.call_failed(now.where.to->name, done.error().code);
  if (now.with.started() || !now.with.peer().is_open()) co_return;
  if (done.error().code == errc::closed) co_return now.with.abort();
  now.with.close_after();
  co_await send_error(now, done.error());
}

}  // namespace refrain::gateway
