#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "entry/store.h"
#include "redis/client.h"
#include "store/options.h"

namespace refrain::store {

/// Counters in a hash for each day. Under a secret their names, which tell models and tenants, stand sealed beside
/// their digests.
class redis_counters {
 public:
  explicit redis_counters(const store_options& options) : options_(options) {}

  /// What adds these, for each key that it touches.
  [[nodiscard]] std::vector<redis::commands> add(const std::vector<entry::counter_delta>& deltas) const;

  /// The counters of all days from `first_day` on, by day and name.
  [[nodiscard]] net::task<base::result<std::vector<entry::counter_delta>>> since(redis::client& all,
                                                                                 std::int64_t first_day) const;

 private:
  [[nodiscard]] net::task<base::result<std::unordered_map<std::string, std::string>>> names(redis::client& all) const;

  /// Of the days that a server has.
  [[nodiscard]] net::task<base::result<std::vector<std::string>>> keys(redis::client& all, std::size_t server) const;

  const store_options& options_;
};

}  // namespace refrain::store
