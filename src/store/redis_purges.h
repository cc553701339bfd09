#pragma once

#include <string>

#include "base/result.h"
#include "cache/purge.h"
#include "redis/client.h"
#include "store/options.h"

namespace refrain::store {

/// Purge records that all gateways over one Redis share: a sorted set of them by their numbers, and the highest number
/// ever given. A server that has lost them, by failover or otherwise, gets back what this process knows. On the
/// client's own thread.
class redis_purges {
 public:
  explicit redis_purges(const store_options& options);

  /// Makes a record and shares it.
  [[nodiscard]] net::task<base::result<cache::purge_record>> make(redis::client& server, entry::selector wanted);

  /// Learns what others have made, gives back what the server has lost, forgets what is over.
  [[nodiscard]] net::task<base::result<void>> poll(redis::client& server);

 private:
  [[nodiscard]] static net::task<base::result<redis::reply>> ask(redis::client& server, redis::commands request);
  [[nodiscard]] net::task<base::result<std::uint64_t>> next_number(redis::client& server);
  /// The highest number, here and there.
  [[nodiscard]] net::task<base::result<void>> level_numbers(redis::client& server);
  [[nodiscard]] std::string sealed(const cache::purge_record& record) const;

  const store_options& options_;
  const std::string records_;
  const std::string number_;
};

}  // namespace refrain::store
