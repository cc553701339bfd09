#pragma once

#include "mock/call.h"

/// Answers that no provider's dialect shapes, for tests of what passes through.
namespace refrain::mock::plain {

/// GET /bytes/<N>: N bytes, at most 256 MiB, of which the one at offset i is i mod 251. With Content-Length, or chunked
/// where the query is `chunked=1`; pieces of 16 KiB. 400: N is no such number.
[[nodiscard]] answer counted_bytes(const call& asked);

/// The head with which a body is sent back: its own Content-Type, and x-mock-method and x-mock-target as received.
[[nodiscard]] answer echo_head(const call& asked);

}  // namespace refrain::mock::plain
