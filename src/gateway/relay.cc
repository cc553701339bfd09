#include "gateway/relay.h"

#include <algorithm>
#include <memory>

#include "gateway/forward.h"
#include "gateway/reply.h"
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
};

net::task<> pump(std::shared_ptr<upload> body) {
  const bool chunked = body->from.request().body == http::framing::chunked;
  bool going = true;
  while (going) {
    const auto piece = co_await body->from.read_some();
    going = piece && !piece->empty();
    if (!going) {
      if (piece && chunked) going = bool(co_await body->to.write("0\r\n\r\n"));
      if (piece && (going || !chunked)) body->to.sent();
      break;
    }
    const auto line = chunked ? http::chunk_line(piece->size()) : std::string{};
    const std::string_view end = chunked ? "\r\n" : "";
    const auto sent = co_await body->to.write(line, *piece, end);
    going = sent.has_value();
  }
  body->done = true;
  body->ended.raise();
}

outgoing describe(const transaction& now) {
  const auto& head = now.with.request();
  outgoing what{.method = head.method, .path = now.where.path, .query = now.where.query};
  if (head.body == http::framing::length || head.find("content-length")) what.length = head.length;
  what.chunked = head.body == http::framing::chunked;
  return what;
}

http::reply_head reply_of(const entry::answer_head& answer, transaction& now, entry::refusal detail) {
  auto head = reply_head_of(answer, now, false);
  if (now.where.endpoint != nullptr && detail != entry::refusal::none) {
    add_cache_fields(head, now,
                     {.fwd = cache::forward::bypass, .fwd_status = answer.status, .detail = entry::to_string(detail)});
  } else {
    head.add("x-refrain-cache", entry::to_string(entry::outcome::bypass));
  }
  return head;
}

/// The answer on its way down; an error where nothing was sent yet.
net::task<base::result<void>> download(transaction& now, http::call& call, entry::refusal detail) {
  const auto head = co_await call.read_head(now.with.request().method == "HEAD");
  if (!head) co_return fail(head.error());
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
net::task<base::result<void>> attempt(transaction& now, parts& shared, http::client& upstreams, entry::refusal detail,
                                      std::optional<std::string_view> body, bool fresh) {
  auto call = co_await upstreams.open(now.where.to->route, fresh);
  if (!call) co_return fail(call.error());
  const auto head = write_head(*now.where.to, describe(now), now.with.request().fields, *now.who, shared.via);
  const auto sent = co_await (*call)->write(head, body.value_or(""));
  if (!sent) co_return fail(sent.error());

  auto rest = std::make_shared<upload>(now.with, **call);
  rest->done = body.has_value();
  if (rest->done) {
    (*call)->sent();
    now.with.peer().watch_hangup([&call = **call] { call.cancel(); });
  } else {
    net::spawn(upstreams.home().get_executor(), pump(rest));
  }
  auto done = co_await download(now, **call, detail);
  now.with.peer().unwatch_hangup();
  // The answer may come before the request is whole: what is left of it has no reader any more.
  while (!rest->done) {
    (*call)->cancel();
    const auto seen = rest->ended.version();
    if (!rest->done) co_await rest->ended.wait_past(seen);
  }
  co_return done;
}

}  // namespace

net::task<> relay(transaction& now, parts& shared, http::client& upstreams, entry::refusal detail) {
  now.result = entry::outcome::bypass;
  shared.counts.relayed(now.where.to->name);
  const auto body = now.with.body_at_hand();
  auto done = co_await attempt(now, shared, upstreams, detail, body, false);
  if (!done && done.error().retry && body) done = co_await attempt(now, shared, upstreams, detail, body, true);
  if (done) co_return;
  shared.counts.call_failed(now.where.to->name, done.error().code);
  if (now.with.started() || !now.with.peer().is_open()) co_return;
  now.with.close_after();
  co_await send_error(now.with, *now.where.to->family, done.error());
}

}  // namespace refrain::gateway
