#pragma once

#include <memory>

#include "admin/api.h"
#include "admin/view.h"
#include "base/secret.h"
#include "base/url.h"
#include "http/session.h"
#include "net/listener.h"

namespace refrain::admin {

/// The listener that operators talk to (invariant 10). It lives on one loop, beside that loop's applications.
class plane {
 public:
  /// Binds. Errors as net::listener::open.
  [[nodiscard]] static base::result<std::unique_ptr<plane>> open(const view& look, const base::secret& token,
                                                                 const base::endpoint& where, net::loop& home);
  void start();
  void close() { listener_->close(); }
  /// Gives up its sockets, once the loop stands still.
  void release() noexcept { listener_.reset(); }
  [[nodiscard]] const base::endpoint& bound() const noexcept { return listener_->bound(); }

 private:
  plane(std::unique_ptr<api> answers, std::unique_ptr<net::listener> listener);

  std::unique_ptr<api> answers_;
  std::unique_ptr<net::listener> listener_;
  std::shared_ptr<http::service> service_;
};

}  // namespace refrain::admin
