#pragma once

#include <string_view>

#include "mock/answer.h"
#include "mock/call.h"

/// What all endpoints of Cartesia's API share.
namespace refrain::mock::cartesia {

/// An error in the shape that Cartesia has had since version 2026-03-01: {"error_code", "title", "message",
/// "request_id"}.
[[nodiscard]] answer refuse(const call& asked, const refusal& why);

/// The key a client shows: `X-API-Key`, or `Authorization: Bearer <key>`; empty where it shows none.
[[nodiscard]] std::string_view credential(const call& asked);

/// The title that goes with a status.
[[nodiscard]] std::string_view title_of(unsigned status);

}  // namespace refrain::mock::cartesia
