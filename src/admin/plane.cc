#include "admin/plane.h"

#include <utility>

namespace refrain::admin {

base::result<std::unique_ptr<plane>> plane::open(const view& look, const base::secret& token,
                                                 const base::endpoint& where) {
  std::unique_ptr<plane> made{new plane(look, token, where)};
  auto listener = net::listener::open(where, {&made->home_});
  if (!listener) return base::fail(listener.error());
  made->listener_ = std::move(*listener);
  return made;
}

plane::plane(const view& look, const base::secret& token, const base::endpoint& where)
    : answers_(look, access_rules{.token = token, .listen_host = where.host}),
      service_(std::make_shared<http::service>()) {
  service_->answer = [this](http::exchange& with) { return answers_.answer(with); };
  service_->error_body = [](const base::error& why) { return error_body(why); };
  service_->stopping = [now = look.now] { return now().draining; };
}

plane::~plane() {
  stop();
  listener_.reset();
  home_.discard();
}

void plane::start() {
  listener_->start([this](std::unique_ptr<net::connection> peer) {
    net::spawn(home_.get_executor(), http::serve_connection(service_, std::move(peer)));
  });
  thread_ = std::jthread{[this] { home_.run(); }};
}

void plane::stop() {
  home_.stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace refrain::admin
