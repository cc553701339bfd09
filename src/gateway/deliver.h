#pragma once

#include <memory>

#include "gateway/parts.h"
#include "gateway/transaction.h"

namespace refrain::gateway {

/// Whether an entry can answer this request in its wire form and of its age.
[[nodiscard]] bool serves(const transaction& now, const entry::entry& candidate, base::sys_seconds at);

/// Whether a status says that the provider is in trouble, or has enough of us.
[[nodiscard]] bool is_failure(int status) noexcept;

/// Whether an entry that is too old to answer may do so where the upstream fails.
[[nodiscard]] bool may_stand_in(const transaction& now, const entry::entry& candidate, base::sys_seconds at);

/// Answers from an entry; false, with nothing sent, where it cannot be turned into the wire form that is asked for:
/// `now.unfit` says so then, and it serves no more.
[[nodiscard]] net::task<bool> deliver_entry(transaction& now, parts& shared, entry::entry_ptr from,
                                            base::sys_seconds at);

/// How following a recording ended.
enum class followed : std::uint8_t {
  answered,  ///< or the client has gone
  broken,    ///< nothing was sent: the call broke before there was anything to send
  refused,   ///< nothing was sent: the upstream's refusal concerns another account
  failed,    ///< nothing was sent: `now.stand_in` is to answer instead
};

/// Answers from an upstream call under way, in the pace in which it comes in. `leads`: this request has caused it, and
/// gets whatever comes. `hands_over`: another may ask again where the call breaks.
[[nodiscard]] net::task<followed> follow(transaction& now, parts& shared, std::shared_ptr<cache::fill> from,
                                         std::shared_ptr<entry::recording::reader> reader, bool leads, bool hands_over);

}  // namespace refrain::gateway
