#pragma once

#include <memory>
#include <thread>

#include "admin/api.h"
#include "admin/view.h"
#include "base/secret.h"
#include "base/url.h"
#include "http/session.h"
#include "net/listener.h"
#include "net/loop.h"

namespace refrain::admin {

/// The listener that operators talk to (invariant 10). It has an event loop and a thread of its own, so that no import
/// and no long listing delays a request of the data plane.
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

  net::loop home_;
  api answers_;
  std::shared_ptr<http::service> service_;
  std::unique_ptr<net::listener> listener_;
  std::jthread thread_;
};

}  // namespace refrain::admin
