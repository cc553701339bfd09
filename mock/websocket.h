#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "mock/call.h"
#include "mock/talk.h"
#include "mock/transport.h"

namespace refrain::mock {

/// Accepts a WebSocket (RFC 6455), of the subprotocols offered the first, and lets `who` talk until one side closes it.
/// `early`: bytes that came behind the request. False: the connection broke before the closing frames had been
/// exchanged. The connection is over in any case.
boost::asio::awaitable<bool> hold_talk(transport& wire, std::string early, const call& asked, talker& who);

}  // namespace refrain::mock
