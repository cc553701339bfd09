#include "server/data_plane.h"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "base/counted.h"
#include "base/log.h"

namespace refrain::server {
namespace {

certificate::files files_of(const gateway::site& at) {
  return {.chain = at.settings.server.tls_certificate, .key = at.settings.server.tls_key};
}

}  // namespace

base::result<std::unique_ptr<data_plane>> data_plane::open(gateway::parts& shared, metrics::registry& all,
                                                           const std::vector<net::loop*>& loops,
                                                           std::shared_ptr<const gateway::site> at,
                                                           std::shared_ptr<net::tls_context> trust) {
  const auto& rules = at->settings.server;
  std::unique_ptr<certificate> shown;
  if (!rules.tls_certificate.empty()) shown = TRY(certificate::open(files_of(*at)));
  auto listener = TRY(net::listener::open(rules.listen, loops));
  std::unique_ptr<data_plane> made{
      new data_plane(shared, all, std::move(listener), std::move(shown), rules.max_connections)};
  for (auto* const home : loops) made->add_lane(*home, at, trust);
  return made;
}

data_plane::data_plane(gateway::parts& shared, metrics::registry& all, std::unique_ptr<net::listener> listener,
                       std::unique_ptr<certificate> shown, unsigned most)
    : shared_(shared),
      health_(shared, all),
      listener_(std::move(listener)),
      bound_(listener_->bound()),
      certificate_(std::move(shown)),
      most_connections_(most) {}

void data_plane::add_lane(net::loop& home, std::shared_ptr<const gateway::site> at,
                          std::shared_ptr<net::tls_context> trust) {
  auto one = std::make_unique<lane>();
  one->home = &home;
  one->gate = std::make_unique<gateway::gateway>(shared_, home, std::move(at), std::move(trust));
  one->service = std::make_shared<http::service>();
  one->service->answer = [this, &gate = *one->gate](http::exchange& with) { return answer(gate, with); };
  one->service->refused = [&gate = *one->gate](const http::exchange& with, base::errc why) {
    gate.note_refusal(with, why);
  };
  // Whose shape the error should have is not known yet: that of the family most clients speak.
  one->service->error_body = [](const base::error& why) { return provider::families().front().error_body(why); };
  one->service->stopping = [this] { return shared_.draining.load(std::memory_order_relaxed); };
  lanes_.push_back(std::move(one));
}

void data_plane::start() {
  listener_->start([this](std::unique_ptr<net::connection> peer) { accept(std::move(peer)); });
}

void data_plane::release() noexcept {
  listener_.reset();
  for (const auto& one : lanes_) one->gate->release();
  shared_.heavy_work.reset();
}

void data_plane::accept(std::unique_ptr<net::connection> peer) {
  // Counted before it is asked: loops that take connections at the same moment must not all find room for one.
  auto here = std::make_unique<base::counted>(connections_);
  if (connections_.load(std::memory_order_relaxed) > most_connections_) {
    shared_.counts.refused(base::errc::overloaded);
    return;
  }
  const auto mine = std::ranges::find(lanes_, &peer->home(), [](const auto& one) { return one->home; });
  const auto where = peer->home().get_executor();
  net::spawn(where, serve((*mine)->service, std::move(peer), std::move(here)));
}

net::task<> data_plane::serve(std::shared_ptr<const http::service> what, std::unique_ptr<net::connection> peer,
                              std::unique_ptr<base::counted> /*here*/) {
  if (certificate_) {
    const auto& limits = what->limits;
    const auto shaken = co_await net::accept_tls(*peer, certificate_->current(), limits.head_time);
    if (!shaken) {
      base::log(base::severity::debug, "no TLS with {}: {}", peer->peer(), shaken.error().context);
      co_await peer->finish(limits.linger_time);
      co_return;
    }
  }
  co_await http::serve_connection(std::move(what), std::move(peer));
}

net::task<> data_plane::answer(gateway::gateway& gate, http::exchange& with) {
  const base::counted here{under_way_};
  auto to = route(with.request(), gate.configuration());
  if (to && to->what != route_kind::upstream) {
    co_await health_.answer(with, to->what);
    co_return;
  }
  auto where = to ? base::result<gateway::target>{to->to} : base::fail(std::move(to).error());
  co_await gate.answer(with, std::move(where));
}

base::result<void> data_plane::configure(const std::shared_ptr<const gateway::site>& at) {
  if (certificate_ && !at->settings.server.tls_certificate.empty()) {
    TRY(certificate_->use(files_of(*at)));
  }
  for (const auto& one : lanes_) {
    net::asio::post(one->home->get_executor(), [&gate = *one->gate, at] { gate.configure(at); });
  }
  return {};
}

void data_plane::look_at_certificate() {
  if (certificate_) certificate_->look();
}

base::url data_plane::base_url() const {
  const bool everywhere = base::is_any_address(bound_.host);
  const auto* const here = bound_.host.contains(':') ? "::1" : "127.0.0.1";
  return {.scheme = certificate_ ? "https" : "http", .host = everywhere ? here : bound_.host, .port = bound_.port};
}

}  // namespace refrain::server
