#include "store/redis_answer.h"

#include "redis/faults.h"

namespace refrain::store {

std::unexpected<base::error> refused(const redis::reply& said) {
  const auto& why = redis::judge_error(said.text);
  return base::fail(base::errc::store_unavailable, std::string{why.sentence}, why.next != redis::remedy::feature_off);
}

base::result<redis::reply> only_reply(base::result<std::vector<redis::reply>> said) {
  if (!said) return base::fail(std::move(said).error());
  if (said->front().is(redis::reply_kind::error)) return refused(said->front());
  return std::move(said->front());
}

}  // namespace refrain::store
