#pragma once

#include "gateway/ask/ask.h"
#include "gateway/shared/parts.h"
#include "http/client.h"
#include "http/exchange.h"
#include "net/async.h"

namespace refrain::gateway {

/// Whether an upstream's answer changes the protocol (RFC 9110, section 15.2.2).
[[nodiscard]] bool switches_protocols(const http::response_head& head) noexcept;

/// Passes such an answer on, and then bytes both ways, to the letter, until both sides have ended their streams. What
/// comes from one side is written to the other before more is read, so that neither can fill the memory.
///
/// Limits: `limits.idle` without a byte either way, the stall limits of both connections for a reader that takes
/// nothing, and ten seconds of silence once one side has ended its stream (a WebSocket's closing frames go both ways:
/// RFC 6455, section 7.1), two where it broke off. A side that takes nothing any more takes the other with it.
///
/// Fails with upstream_protocol, nothing sent yet, where the upstream changes to another protocol than WebSocket.
[[nodiscard]] net::task<base::result<void>> tunnel(http::exchange& client, const ask& request, parts& shared,
                                                   http::call& upstream, const http::response_head& head);

}  // namespace refrain::gateway
