#pragma once

#include <optional>

#include "gateway/ask/ask.h"
#include "gateway/shared/parts.h"
#include "http/client.h"
#include "http/exchange.h"
#include "net/async.h"

namespace refrain::gateway {

/// Passes an admitted request through, body and answer both as they come, recording nothing; one that asks for
/// WebSocket, and gets it, becomes a tunnel. `detail`: why a cached endpoint was not looked up; where no dialect knows
/// the route, nothing but x-refrain-cache is added. The error, where nothing was sent: the client is to be told.
[[nodiscard]] net::task<std::optional<base::error>> relay(http::exchange& client, const ask& request, parts& shared,
                                                          http::client& upstreams, entry::uncacheable_reason detail);

}  // namespace refrain::gateway
