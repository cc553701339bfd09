#pragma once

#include "entry/foreign_cache.h"
#include "redis/client.h"

namespace refrain::store {

/// What others keep in the same Redis. It sends GET and PTTL, nothing else.
class redis_foreign_cache final : public entry::foreign_cache {
 public:
  /// `through` outlives it, and the loops whose coroutines call it run no more when it goes.
  explicit redis_foreign_cache(redis::client& through) : client_(through) {}

  /// All keys are asked for at once, each by commands of its own, as they may live on different nodes.
  [[nodiscard]] net::task<std::vector<entry::foreign_value>> look(std::vector<std::string> keys) override;

 private:
  redis::client& client_;
};

}  // namespace refrain::store
