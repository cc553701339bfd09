#pragma once

#include "entry/parsed_request.h"
#include "provider/json/canonical_value.h"

namespace refrain::provider {

/// What stands against caching a messages request: asking has an effect that a replay would not have, or the answer
/// depends on state that the provider keeps for a time. `none` where nothing does.
///
/// - upstream_effect: tools that run at the provider and reach beyond it (MCP servers) or that nobody here knows; a
///   credit that is redeemed by the call; `max_tokens: 0`, which only warms the provider's prompt cache.
/// - server_state: a container, or code that runs in one; a thread; files by id; diagnostics against an earlier answer.
///
/// Searching and fetching from the web count as reading: how old what was found may be is what a TTL says. Tools that
/// the client runs (bash, text editor, memory, computer, browser, its own) have no effect at the provider.
[[nodiscard]] uncacheable_reason anthropic_effect_of(const canonical_value& body);

}  // namespace refrain::provider
