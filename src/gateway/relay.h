#pragma once

#include <string_view>

#include "gateway/parts.h"
#include "gateway/transaction.h"
#include "http/client.h"

namespace refrain::gateway {

/// Passes a request through, body and answer both as they come, recording nothing; one that asks for WebSocket, and
/// gets it, becomes a tunnel. `detail`: why a cached endpoint was
/// not looked up; empty where no dialect knows the route, and nothing but x-refrain-cache is added then.
[[nodiscard]] net::task<> relay(transaction& now, parts& shared, http::client& upstreams,
                                entry::uncacheable_reason detail);

}  // namespace refrain::gateway
