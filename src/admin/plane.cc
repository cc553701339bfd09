#include "admin/plane.h"

#include <utility>

namespace refrain::admin {

base::result<std::unique_ptr<plane>> plane::open(const view& look, const base::secret& token,
                                                 const base::endpoint& where, net::loop& home) {
  auto listener = net::listener::open(where, {&home});
  if (!listener) return base::fail(listener.error());
  auto answers = std::make_unique<api>(look, door{.token = token, .listen_host = where.host});
  std::unique_ptr<plane> made{new plane(std::move(answers), std::move(*listener))};
  made->service_->stopping = [now = look.now] { return now().draining; };
  return made;
}

plane::plane(std::unique_ptr<api> answers, std::unique_ptr<net::listener> listener)
    : answers_(std::move(answers)), listener_(std::move(listener)), service_(std::make_shared<http::service>()) {
  service_->answer = [this](http::exchange& with) { return answers_->answer(with); };
  service_->error_body = [](const base::error& why) { return error_body(why); };
}

void plane::start() {
  listener_->start([this](std::unique_ptr<net::connection> peer) {
    const auto where = peer->home().get_executor();
    net::spawn(where, http::serve_connection(service_, std::move(peer)));
  });
}

}  // namespace refrain::admin
