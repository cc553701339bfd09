#pragma once

#include <string_view>

#include "mock/answer.h"
#include "mock/call.h"

/// What all endpoints of Deepgram's API share.
namespace refrain::mock::deepgram {

/// An error in Deepgram's shape: {"category", "message", "details", "request_id"} for a bad request, else {"err_code",
/// "err_msg", "request_id"}.
[[nodiscard]] answer refuse(const call& asked, const refusal& why);

/// The key a client shows: `Authorization: Token <key>`, or `Bearer` with a temporary one; empty where it shows none.
[[nodiscard]] std::string_view credential(const call& asked);

}  // namespace refrain::mock::deepgram
