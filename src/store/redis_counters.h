#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "entry/counters.h"
#include "redis/client.h"
#include "store/options.h"
#include "store/redis_writer.h"

namespace refrain::store {

/// Counters in a hash for each day. Under a secret their names, which tell models and tenants, stand sealed beside
/// their digests.
class redis_counters final : public entry::counters {
 public:
  /// All of them outlive it, but for `servers`.
  redis_counters(const store_options& options, redis::client& servers, redis_writer& writer)
      : options_(options), servers_(servers), writer_(writer) {}

  void add(entry::counter_deltas deltas) override;
  [[nodiscard]] net::task<base::result<entry::counter_deltas>> since(std::int64_t first_day) override;

 private:
  /// What the veiled names of counters mean; none without a secret, when names stand as they are.
  [[nodiscard]] net::task<base::result<std::unordered_map<std::string, std::string>>> names() const;

  /// Of the days that a server has.
  [[nodiscard]] net::task<base::result<std::vector<std::string>>> keys(std::size_t server) const;

  const store_options& options_;
  redis::client& servers_;
  redis_writer& writer_;
};

}  // namespace refrain::store
