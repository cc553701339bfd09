#pragma once

#include <memory>
#include <thread>

#include "admin/auth.h"
#include "admin/reply.h"
#include "admin/view.h"
#include "base/secret.h"
#include "base/url.h"
#include "http/exchange.h"
#include "http/session.h"
#include "net/async.h"
#include "net/listener.h"
#include "net/loop.h"

namespace refrain::admin {

/// The listener that operators talk to (invariant 10), and the checks of its JSON API (docs/reference/admin-api.md). It
/// has an event loop and a thread of its own, so that no import and no long listing delays a request of the data plane.
class plane {
 public:
  /// Binds. Errors as net::listener::open.
  [[nodiscard]] static base::result<std::unique_ptr<plane>> open(const view& look, const base::secret& token,
                                                                 const base::endpoint& where);
  /// Destroys what is still under way. The store that it looked at may have gone before, what else it looked at not.
  ~plane();

  /// Begins to answer, on a thread of its own.
  void start();
  /// Takes no more connections.
  void close() { listener_->close(); }
  /// Ends its thread: what is under way stands still from here on.
  void stop();
  [[nodiscard]] const base::endpoint& bound() const noexcept { return listener_->bound(); }

 private:
  plane(const view& look, const base::secret& token, const base::endpoint& where);
  /// Answers one request. Everything but what the table calls open asks for the token before it says anything of the
  /// path: who has none learns nothing, not even what there is.
  [[nodiscard]] net::task<> answer(http::exchange& with) const;
  [[nodiscard]] net::task<base::result<reply>> reply_to(http::exchange& with) const;

  net::loop home_;
  const view view_;
  const access_rules rules_;
  std::shared_ptr<http::service> service_;
  std::unique_ptr<net::listener> listener_;
  std::jthread thread_;
};

}  // namespace refrain::admin
