#include "server/data_plane.h"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "base/log.h"
#include "gateway/reply.h"

namespace refrain::server {
namespace {

/// Counts for the time it lives.
class counted {
 public:
  explicit counted(std::atomic<unsigned>& count) : count_(count) { ++count_; }
  ~counted() { --count_; }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;

 private:
  std::atomic<unsigned>& count_;
};

}  // namespace

base::result<std::unique_ptr<data_plane>> data_plane::open(gateway::parts& shared, metrics::registry& all,
                                                           const std::vector<net::loop*>& loops,
                                                           std::shared_ptr<const gateway::site> at,
                                                           std::shared_ptr<net::tls_context> trust) {
  const auto& rules = at->settings.server;
  auto listener = net::listener::open(rules.listen, loops);
  if (!listener) return base::fail(listener.error());
  std::unique_ptr<data_plane> made{new data_plane(shared, all, std::move(*listener), rules.max_connections)};
  for (auto* const home : loops) made->add_lane(*home, at, trust);
  return made;
}

data_plane::data_plane(gateway::parts& shared, metrics::registry& all, std::unique_ptr<net::listener> listener,
                       unsigned most)
    : shared_(shared),
      health_(shared, all),
      listener_(std::move(listener)),
      bound_(listener_->bound()),
      most_connections_(most) {}

void data_plane::add_lane(net::loop& home, std::shared_ptr<const gateway::site> at,
                          std::shared_ptr<net::tls_context> trust) {
  auto one = std::make_unique<lane>();
  one->home = &home;
  one->story = std::make_unique<gateway::gateway>(shared_, home, std::move(at), std::move(trust));
  one->service = std::make_shared<http::service>();
  one->service->answer = [this, &story = *one->story](http::exchange& with) { return answer(story, with); };
  // Whose shape the error should have is not known yet: that of the family most clients speak.
  one->service->error_body = [](const base::error& why) { return provider::families().front().error_body(why); };
  one->service->stopping = [this] { return shared_.draining.load(std::memory_order_relaxed); };
  lanes_.push_back(std::move(one));
}

void data_plane::start() {
  listener_->start([this](std::unique_ptr<net::connection> peer) { take(std::move(peer)); });
}

void data_plane::release() noexcept {
  listener_.reset();
  for (const auto& one : lanes_) one->story->release();
}

void data_plane::take(std::unique_ptr<net::connection> peer) {
  if (connections_.load(std::memory_order_relaxed) >= most_connections_) {
    shared_.counts.refused(base::errc::overloaded);
    return;
  }
  const auto mine = std::ranges::find(lanes_, &peer->home(), [](const auto& one) { return one->home; });
  const auto where = peer->home().get_executor();
  net::spawn(where, serve((*mine)->service, std::move(peer)));
}

net::task<> data_plane::serve(std::shared_ptr<const http::service> what, std::unique_ptr<net::connection> peer) {
  const counted here{connections_};
  co_await http::serve_connection(std::move(what), std::move(peer));
}

net::task<> data_plane::answer(gateway::gateway& story, http::exchange& with) {
  const counted here{under_way_};
  const auto to = route(with.request(), story.configuration());
  if (!to) {
    shared_.counts.refused(to.error().code);
    co_await gateway::send_error(with, provider::families().front(), to.error());
  } else if (to->what == place::upstream) {
    co_await story.answer(with, to->to);
  } else {
    co_await health_.answer(with, to->what);
  }
}

void data_plane::configure(const std::shared_ptr<const gateway::site>& at) {
  for (const auto& one : lanes_) {
    net::asio::post(one->home->get_executor(), [&story = *one->story, at] { story.configure(at); });
  }
}

}  // namespace refrain::server
