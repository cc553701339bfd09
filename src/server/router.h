#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "gateway/ask/ask.h"
#include "gateway/shared/site.h"
#include "http/head.h"

namespace refrain::server {

/// What a path on the data plane stands for.
enum class route_kind : std::uint8_t {
  upstream,  ///< a provider's API: the gateway answers
  healthz,   ///< the process lives
  readyz,    ///< it takes requests
  metrics,
  welcome,  ///< `/`: what a browser sees
};

struct routed {
  route_kind what = route_kind::upstream;
  gateway::target to;  ///< for route_kind::upstream
};

/// Finds out where a request wants to go: `/v1/...` is the default upstream's, `/<upstream>/...` a named one's. A
/// leading `/v1` is dropped where the upstream's base URL already ends in it, so that clients which write it and
/// clients which do not both arrive. Errors: unknown_upstream, naming those there are; malformed_request.
[[nodiscard]] base::result<routed> route(const http::request_head& head, const gateway::site& at);

}  // namespace refrain::server
