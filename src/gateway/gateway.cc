#include "gateway/gateway.h"

#include <optional>
#include <utility>

#include "gateway/assemble/assemble.h"
#include "gateway/hangup_watch.h"
#include "gateway/relay.h"
#include "gateway/send/send.h"
#include "gateway/settle/settle.h"

namespace refrain::gateway {
namespace {

using base::errc;
using entry::uncacheable_reason;

http::client_limits limits_of(const site& at) {
  const auto& from = at.settings.limits;
  return {.connect = from.connect, .first_byte = from.first_byte, .idle = from.idle};
}

/// Why a request passes through without being parsed; none where it is parsed.
uncacheable_reason bypass_reason(const ask& what) {
  if (what.where.endpoint == nullptr || what.head->method != "POST") return uncacheable_reason::method;
  return what.head->find("content-encoding") ? uncacheable_reason::encoded_body : uncacheable_reason::none;
}

}  // namespace

gateway::gateway(parts& shared, net::loop& home, std::shared_ptr<const site> at,
                 std::shared_ptr<net::tls_context> trust)
    : shared_(shared),
      authenticator_(shared),
      parser_(shared),
      fetcher_(shared, home, std::move(trust)),
      exact_(shared),
      foreign_(shared),
      upstream_(shared, [this](std::shared_ptr<upstream_request> what) { fetcher_.start(std::move(what)); }),
      stale_(shared) {
  configure(std::move(at));
}

void gateway::configure(std::shared_ptr<const site> at) {
  site_ = std::move(at);
  fetcher_.client().set_limits(limits_of(*site_));
  authenticator_.forget();
  parser_.configure(*site_);
}

net::task<> gateway::answer(http::exchange& client, base::result<target> where) {
  const auto& head = client.request();
  ask what{.at = site_,
           .where = where ? *where : target{.path = head.target},
           .head = &head,
           .began = shared_.clock.steady()};
  if (!where) co_return co_await refuse(client, what, where.error());
  if (const auto admitted = authenticator_.admit(what); !admitted) {
    co_return co_await refuse(client, what, admitted.error());
  }
  if (const auto why = bypass_reason(what); why != uncacheable_reason::none) {
    auto fault = co_await relay(client, what, shared_, fetcher_.client(), why);
    if (fault) co_return co_await refuse(client, what, std::move(*fault));
    co_return settle(client, what, {});
  }
  if (const auto body = client.body_at_hand(); body && body->size() <= site_->settings.limits.request_body.value) {
    what.body = *body;
  } else if (const auto read = co_await read_body(client, what); !read) {
    co_return co_await refuse(client, what, read.error());
  }
  if (const auto parsed = parser_.parse(what); !parsed) co_return co_await refuse(client, what, parsed.error());

  search of{what};
  hangup_watch watch{client.peer()};
  for (auto* const one : sources_) {
    if (!one->applies(of)) continue;
    if (one->waits() && !watch.started()) watch.start([&of] { of.leave(); });
    co_await one->find(of);
  }
  upstream_.refresh(of);
  auto made = assemble(of, shared_, shared_.clock.seconds());
  co_await send(client, made);
  settle(client, what, made);
}

/// Identical bodies are held once, however many requests wait with them.
net::task<base::result<void>> gateway::read_body(http::exchange& client, ask& what) {
  auto body = co_await client.read_body(what.at->settings.limits.request_body);
  if (!body) co_return base::fail(std::move(body).error());
  what.body_owner = shared_.bodies.share(client.release_body());
  what.body = *what.body_owner;
  co_return base::result<void>{};
}

net::task<> gateway::refuse(http::exchange& client, const ask& what, base::error why) {
  auto made = refusal(what, why);
  co_await send(client, made);
  settle(client, what, made);
}

void gateway::settle(const http::exchange& client, const ask& what, const reply& sent) {
  settle_request(shared_, what,
                 {.outcome = sent.outcome,
                  .refused = sent.refused,
                  .items = sent.items,
                  .saved = sent.saved,
                  .status = client.status(),
                  .bytes = client.bytes_sent(),
                  .took = shared_.clock.steady() - what.began});
}

void gateway::note_refusal(const http::exchange& client, errc why) {
  const ask what{.at = site_, .where = {}, .head = &client.request(), .began = shared_.clock.steady()};
  settle(client, what, {.refused = why});
}

}  // namespace refrain::gateway
