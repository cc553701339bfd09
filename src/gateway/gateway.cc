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
uncacheable_reason bypass_reason(const ask& request) {
  if (request.where.endpoint == nullptr || request.head->method != "POST") return uncacheable_reason::method;
  return request.head->find("content-encoding") ? uncacheable_reason::encoded_body : uncacheable_reason::none;
}

/// Whether to parse and to answer it takes so long that others on this loop would notice: then other threads do it.
bool is_heavy(const ask& request) noexcept { return request.body.size() > 512 << 10; }

}  // namespace

gateway::gateway(parts& shared, net::loop& home, std::shared_ptr<const site> at,
                 std::shared_ptr<net::tls_context> trust)
    : shared_(shared),
      authenticator_(shared),
      parser_(shared),
      fetcher_(shared, home, std::move(trust)),
      exact_(shared),
      rotated_(shared),
      foreign_(shared),
      similar_(shared, parser_),
      upstream_(shared, [this](std::shared_ptr<upstream_request> request) { fetcher_.start(std::move(request)); }),
      stale_(shared) {
  configure(std::move(at));
}

void gateway::configure(std::shared_ptr<const site> at) {
  site_ = std::move(at);
  fetcher_.client().set_limits(limits_of(*site_));
  authenticator_.forget();
}

net::task<> gateway::answer(http::exchange& client, base::result<target> where) {
  const auto& head = client.request();
  ask request{.at = site_,
              .where = where ? *where : target{.path = head.target},
              .head = &head,
              .began = shared_.clock.steady()};
  if (!where) co_return co_await refuse(client, request, where.error());
  if (const auto admitted = authenticator_.admit(request); !admitted) {
    co_return co_await refuse(client, request, admitted.error());
  }
  if (request.who == nullptr) co_return co_await deliver(client, request, answer_to_preflight(request));
  if (const auto why = bypass_reason(request); why != uncacheable_reason::none) {
    co_return co_await pass(client, request, why, "");
  }
  if (const auto body = client.body_at_hand()) {
    if (body->size() > site_->settings.limits.request_body.value) {
      co_return co_await pass(client, request, uncacheable_reason::large_request, *body);
    }
    request.body = *body;
  } else {
    std::string collected;
    const auto whole = co_await read_body(client, request, collected);
    if (!whole) co_return co_await refuse(client, request, whole.error());
    if (!*whole) co_return co_await pass(client, request, uncacheable_reason::large_request, collected);
  }
  base::result<void> parsed;
  if (is_heavy(request)) {
    parsed = co_await parse_apart(request);
  } else {
    parsed = parser_.parse(request);
  }
  if (!parsed) co_return co_await refuse(client, request, parsed.error());

  search lookup{request};
  hangup_watch watch{client.peer()};
  for (auto* const one : sources_) {
    if (!one->applies(lookup)) continue;
    if (one->waits() && !watch.started()) watch.start([&lookup] { lookup.leave(); });
    co_await one->find(lookup);
  }
  upstream_.refresh(lookup);
  reply made;
  if (is_heavy(request)) {
    made = co_await assemble_apart(lookup);
  } else {
    made = assemble(lookup, shared_, shared_.clock.seconds());
  }
  if (entry::is_hit(made.outcome)) parser_.remember(request);
  // As `deliver`, less a coroutine of its own for each hit.
  open_to_origin(made.head, request);
  co_await send(client, made);
  settle(client, request, made);
}

/// Where too much work waits already, it is done here.
net::task<base::result<void>> gateway::parse_apart(ask& request) {
  auto work = [this, &request] { return parser_.parse_apart(request); };
  auto done = co_await shared_.heavy_work->run(work);
  if (!done && done.error().code == errc::overloaded) co_return work();
  co_return done;
}

net::task<reply> gateway::assemble_apart(const search& lookup) {
  auto work = [this, &lookup] { return base::result<reply>{assemble(lookup, shared_, shared_.clock.seconds())}; };
  auto made = co_await shared_.heavy_work->run(work);
  if (!made) made = work();
  co_return std::move(*made);
}

/// Passes a request through; `front`: what was read of its body.
net::task<> gateway::pass(http::exchange& client, const ask& request, uncacheable_reason why, std::string_view front) {
  auto fault = co_await relay(client, request, shared_, fetcher_.client(), why, front);
  if (fault) co_return co_await refuse(client, request, std::move(*fault));
  settle(client, request, {});
}

/// Identical bodies are held once, however many requests wait with them. False where it is too large to be held, alone
/// or with all others: `collected` has its front.
net::task<base::result<bool>> gateway::read_body(http::exchange& client, ask& request, std::string& collected) {
  const auto& head = client.request();
  const auto most = request.at->settings.limits.request_body.value;
  entry::held_bytes taken{shared_.body_budget};
  if (head.length > most || !taken.grow_to(head.length)) co_return false;
  while (true) {
    const auto piece = co_await client.read_some();
    if (!piece) co_return base::fail(piece.error());
    if (piece->empty()) break;
    collected.append(*piece);
    if (collected.size() > most || !taken.grow_to(collected.size())) co_return false;
  }
  request.body_owner = shared_.bodies.share(std::move(collected), std::move(taken));
  request.body = *request.body_owner;
  co_return true;
}

net::task<> gateway::refuse(http::exchange& client, const ask& request, base::error why) {
  co_await deliver(client, request, refusal(request, why));
}

net::task<> gateway::deliver(http::exchange& client, const ask& request, reply made) {
  open_to_origin(made.head, request);
  co_await send(client, made);
  settle(client, request, made);
}

void gateway::settle(const http::exchange& client, const ask& request, const reply& sent) {
  settle_request(shared_, request,
                 {.outcome = sent.outcome,
                  .refused = sent.refused,
                  .items = sent.items,
                  .saved = sent.saved,
                  .status = client.status(),
                  .bytes = client.bytes_sent(),
                  .similar_to = sent.similar_to,
                  .took = shared_.clock.steady() - request.began});
}

void gateway::note_refusal(const http::exchange& client, errc why) {
  const ask request{.at = site_, .where = {}, .head = &client.request(), .began = shared_.clock.steady()};
  settle(client, request, {.refused = why});
}

}  // namespace refrain::gateway
