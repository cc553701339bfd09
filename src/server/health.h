#pragma once

#include <functional>
#include <string>

#include "gateway/shared/parts.h"
#include "http/exchange.h"
#include "metrics/metrics.h"
#include "server/router.h"

namespace refrain::server {

/// What /healthz, /readyz, /metrics and / tell. Any thread.
class health {
 public:
  health(const gateway::parts& shared, metrics::registry& all) : shared_(shared), all_(all) {}

  /// Answers one of the gateway's own paths; GET and HEAD alone.
  [[nodiscard]] net::task<> answer(http::exchange& with, route_kind what) const;

 private:
  [[nodiscard]] std::string ready_body() const;
  void refresh_gauges() const;

  const gateway::parts& shared_;
  metrics::registry& all_;
};

}  // namespace refrain::server
