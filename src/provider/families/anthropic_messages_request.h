#pragma once

#include <span>
#include <string_view>

#include "entry/parsed_request.h"
#include "provider/rules/keyed_members.h"

namespace refrain::provider {

/// What an Anthropic messages request is (`POST /messages`).
///
/// Everything in the body is keyed but the denylist, `cache_control` and members that nobody knows included; what is
/// not cached at all is told by `anthropic_effect_of`. Streams always report usage, so that all want it.
/// `metadata.user_id` stands for the end user: keyed where the operator sets cache.key_user.
[[nodiscard]] entry::parsed_request read_anthropic_messages_request(std::string_view body);

/// What a request to count tokens is (`POST /messages/count_tokens`): the same but for what only answers need, and its
/// answer is always plain.
[[nodiscard]] entry::parsed_request read_anthropic_count_request(std::string_view body);

/// Members of a messages request that are forwarded, and not keyed.
[[nodiscard]] std::span<const unkeyed_member> anthropic_messages_denylist() noexcept;

}  // namespace refrain::provider
