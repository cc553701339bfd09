#pragma once

#include <memory>

#include "gateway/parts.h"
#include "gateway/transaction.h"

namespace refrain::gateway {

/// Whether an entry can answer this request in its wire form and of its age. Writes `now.found`.
[[nodiscard]] bool serves(const transaction& now, const entry::entry& candidate, base::sys_seconds at);

/// Answers from an entry; false, with nothing sent, where it cannot be turned into the wire form that is asked for.
[[nodiscard]] net::task<bool> deliver_entry(transaction& now, entry::entry_ptr from, base::sys_seconds at);

/// How following a recording ended.
enum class followed : std::uint8_t {
  answered,   ///< or the client has gone
  ask_again,  ///< nothing was sent: what the recording holds concerns another account, or there is nothing in it
};

/// Answers from an upstream call under way, in the pace in which it comes in. `leads`: this request has caused it, and
/// gets whatever comes; another may be told to ask again, as long as `may_ask_again`.
[[nodiscard]] net::task<followed> follow(transaction& now, std::shared_ptr<cache::fill> from,
                                         std::shared_ptr<entry::recording::reader> reader, bool leads,
                                         bool may_ask_again);

}  // namespace refrain::gateway
