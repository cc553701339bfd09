#pragma once

#include "gateway/parts.h"
#include "gateway/transaction.h"

namespace refrain::gateway {

/// Whether LiteLLM may have answered it: `store.litellm` is on, and its key can tell this request from others as ours
/// does. It knows nothing of headers, path or query.
[[nodiscard]] bool may_inherit(const transaction& now);

/// Between lookup and fetch, for a request that may inherit: the answer that LiteLLM keeps for it in the same Redis, as
/// an entry of ours that is not stored yet; nullptr where there is none that is whole, fresh enough for the request,
/// newer than the entry of ours that was found, and untouched by purges. For OpenAI's chat completions alone. It was
/// written when LiteLLM says, and lives as long as a fresh answer would from now on, though no longer than LiteLLM's.
///
/// LiteLLM's keys hold no tenant and no credential: what it kept is for all clients, beyond loopback for all that the
/// operator has named (docs/decisions/0005). What comes of it is the asking tenant's own.
[[nodiscard]] net::task<entry::entry_ptr> inherit(const transaction& now, parts& shared);

}  // namespace refrain::gateway
