#pragma once

#include <string>
#include <string_view>

#include "mock/answer.h"
#include "mock/call.h"

/// What all endpoints of Sarvam's API share.
namespace refrain::mock::sarvam {

/// An error in Sarvam's shape: {"error": {"message", "code", "request_id"}}.
[[nodiscard]] answer refuse(const call& asked, const refusal& why);

/// The key a client shows: `api-subscription-key`; empty where it shows none.
[[nodiscard]] std::string_view credential(const call& asked);

/// The day of the call and a UUID, as Sarvam numbers its answers.
[[nodiscard]] std::string request_id(const call& asked);

}  // namespace refrain::mock::sarvam
