#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "entry/recording.h"
#include "gateway/transaction.h"
#include "http/exchange.h"
#include "net/async.h"

namespace refrain::gateway {

/// Answers with an error in the provider's own shape. Refusals that no repetition would mend say so to SDKs
/// (`x-should-retry: false`), or they would ask three times.
[[nodiscard]] net::task<> send_error(http::exchange& with, const provider::family& family, base::error why);

/// The same for a request that has been read, and whose answer says of the cache what every answer of its endpoint
/// does: why it was not a hit, its key, and the error's label as detail.
[[nodiscard]] net::task<> send_error(transaction& now, base::error why);

/// Adds what every answer of a cached endpoint says of the cache: x-refrain-cache, x-refrain-key, Cache-Status, and
/// Cache-Control toward outer proxies.
void add_cache_fields(http::reply_head& head, const transaction& now, const cache::cache_status& status);

/// The head of an upstream's answer for a client: its fields less those that the gateway sets anew. `kept_only`, on
/// cached endpoints: those that are stored with an entry, and those without which the answer cannot be read, as a
/// follower must not get what was meant for the leader (cookies, limits).
[[nodiscard]] http::reply_head reply_head_of(const entry::answer_head& from, const transaction& now, bool kept_only);

}  // namespace refrain::gateway
