#pragma once

#include "gateway/assemble/reply.h"
#include "http/client.h"
#include "http/exchange.h"
#include "net/async.h"

namespace refrain::gateway {

/// Sends a reply. This and `send_relayed` are all that the gateway writes to clients, but for the bytes of a tunnel.
/// Where the answer breaks off the connection is reset, so that the client does not take what it has for the whole.
/// Sets `saved` where only the whole answer tells it.
[[nodiscard]] net::task<> send(http::exchange& to, reply& answer);

/// Sends a head, and the body of an upstream call behind it as it comes. False where it broke off.
[[nodiscard]] net::task<bool> send_relayed(http::exchange& to, http::reply_head head,
                                           std::optional<std::uint64_t> length, http::call& from);

}  // namespace refrain::gateway
