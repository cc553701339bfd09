#pragma once

#include <string_view>

#include "mock/answer.h"
#include "mock/call.h"

/// What all endpoints of Anthropic's API share.
namespace refrain::mock::anthropic {

/// An error in Anthropic's shape: {"type": "error", "error": {"type", "message"}, "request_id"}.
[[nodiscard]] answer refuse(const call& asked, const refusal& why);

/// The key a client shows: `x-api-key`, or `Authorization: Bearer <key>`; empty where it shows none.
[[nodiscard]] std::string_view credential(const call& asked);

/// The headers that Anthropic puts on every answer: request id, organization, rate limits, a cookie.
[[nodiscard]] std::vector<header> provider_headers(const call& asked);

}  // namespace refrain::mock::anthropic
