#pragma once

#include <span>

#include "provider/rules/dialect.h"
#include "provider/rules/keyed_members.h"

/// Anthropic's endpoints, as Anthropic and every compatible server speak them.
namespace refrain::provider {

/// `POST /messages`.
///
/// Everything in the body is keyed but the denylist, `cache_control` and members that nobody knows included; what is
/// not cached at all is told by `effect_of`. Streams always report usage, so that all want it.
/// `metadata.user_id` stands for the end user: keyed where the operator sets cache.key_user.
extern const dialect anthropic_messages;

/// Members of a messages request that are forwarded, and not keyed.
[[nodiscard]] std::span<const unkeyed_member> anthropic_messages_denylist() noexcept;

/// `POST /messages/count_tokens`: a count of a messages request's tokens, `{"input_tokens": 14}`, always plain. The
/// request is keyed like that one but for what only answers need. Counting is free, so its usage is none.
extern const dialect anthropic_count_tokens;

}  // namespace refrain::provider
