#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "base/counted.h"
#include "base/url.h"
#include "gateway/gateway.h"
#include "http/session.h"
#include "net/listener.h"
#include "server/certificate.h"
#include "server/health.h"

namespace refrain::server {

/// The listener that applications talk to: one gateway a loop behind it.
class data_plane {
 public:
  /// Binds, and reads the certificate where one is configured: it then speaks TLS alone. Errors as net::listener::open
  /// and certificate::open. `shared` and `all` outlive it.
  [[nodiscard]] static base::result<std::unique_ptr<data_plane>> open(gateway::parts& shared, metrics::registry& all,
                                                                      const std::vector<net::loop*>& loops,
                                                                      std::shared_ptr<const gateway::site> at,
                                                                      std::shared_ptr<net::tls_context> trust);

  void start();
  /// Takes no more connections; those that are there are answered with 503 until they end.
  void close() { listener_->close(); }
  /// Gives up its sockets, once the loops stand still: they must go before the loops discard what is under way.
  void release() noexcept;
  /// Hands every loop the new configuration, and reads the certificate anew. Fails with bad_config, changing nothing,
  /// where that is no good. Whether it speaks TLS at all stays as it is.
  [[nodiscard]] base::result<void> configure(const std::shared_ptr<const gateway::site>& at);
  /// Reads the certificate anew where its files have changed; to be called now and then.
  void look_at_certificate();

  [[nodiscard]] const base::endpoint& bound() const noexcept { return bound_; }
  /// The same as applications name it: http or https.
  [[nodiscard]] base::url base_url() const;
  /// Requests being answered at this moment.
  [[nodiscard]] unsigned under_way() const noexcept { return under_way_.load(); }

 private:
  /// What one loop needs to answer.
  struct lane {
    net::loop* home;
    std::unique_ptr<gateway::gateway> gate;
    std::shared_ptr<http::service> service;
  };

  data_plane(gateway::parts& shared, metrics::registry& all, std::unique_ptr<net::listener> listener,
             std::unique_ptr<certificate> shown, unsigned most);

  void add_lane(net::loop& home, std::shared_ptr<const gateway::site> at, std::shared_ptr<net::tls_context> trust);
  void accept(std::unique_ptr<net::connection> peer);
  [[nodiscard]] net::task<> serve(std::shared_ptr<const http::service> what, std::unique_ptr<net::connection> peer,
                                  std::unique_ptr<base::counted> here);
  [[nodiscard]] net::task<> answer(gateway::gateway& gate, http::exchange& with);

  gateway::parts& shared_;
  health health_;
  std::unique_ptr<net::listener> listener_;
  base::endpoint bound_;
  const std::unique_ptr<certificate> certificate_;  ///< nullptr: plain HTTP
  std::vector<std::unique_ptr<lane>> lanes_;
  const unsigned most_connections_;
  std::atomic<unsigned> connections_{0};
  std::atomic<unsigned> under_way_{0};
};

}  // namespace refrain::server
