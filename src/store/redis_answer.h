#pragma once

#include <string>
#include <utility>

#include "base/result.h"
#include "redis/faults.h"
#include "redis/reply.h"

namespace refrain::store {

/// What a server's error reply means here: store_unavailable, to be tried again unless it is not permitted at all.
[[nodiscard]] inline std::unexpected<base::error> refused(const redis::reply& said) {
  const auto& why = redis::judge_error(said.text);
  return base::fail(base::errc::store_unavailable, std::string{why.sentence}, why.next != redis::remedy::feature_off);
}

/// The one reply to one command; an error that the server answers with is an error of ours.
[[nodiscard]] inline base::result<redis::reply> only_reply(redis::replies said) {
  if (!said) return base::fail(std::move(said).error());
  if (said->front().is(redis::reply_kind::error)) return refused(said->front());
  return std::move(said->front());
}

}  // namespace refrain::store
