#pragma once

#include <span>
#include <string_view>

#include "entry/parsed_request.h"
#include "provider/rules/keyed_members.h"

namespace refrain::provider {

/// What an OpenAI chat completions request is (`POST /chat/completions`).
///
/// Everything in the body is keyed but the denylist, `null`s and unknown members too. Not cached are: `store: true`
/// (the provider keeps the completion for the account); what refers to state that the provider keeps for a time (a
/// file's or an earlier audio's id, `previous_response_id`) or answers with it (audio output has an id that expires).
/// `web_search_options` is cached like the rest: a search has no effect upstream, and how old its result may be is what
/// a TTL says. More than 256 members at the top are not the shape of this endpoint.
[[nodiscard]] entry::parsed_request read_openai_chat_request(std::string_view body);

/// Members that are forwarded, and not keyed.
[[nodiscard]] std::span<const unkeyed_member> openai_chat_denylist() noexcept;

}  // namespace refrain::provider
