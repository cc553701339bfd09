#pragma once

#include <string_view>
#include <vector>

#include "mock/answer.h"
#include "mock/call.h"

/// What all endpoints of ElevenLabs' API share.
namespace refrain::mock::elevenlabs {

/// An error in ElevenLabs' shape: {"detail": {"status", "message"}}, or, with status 422, a list of what is wrong with
/// the request as {"detail": [{"type", "loc", "msg"}]}.
[[nodiscard]] answer refuse(const call& asked, const refusal& why);

/// The key a client shows: `xi-api-key`; empty where it shows none.
[[nodiscard]] std::string_view credential(const call& asked);

/// The headers on an answer that cost `characters`: request and history ids, what it cost, how many calls may run.
[[nodiscard]] std::vector<header> provider_headers(const call& asked, std::size_t characters);

}  // namespace refrain::mock::elevenlabs
