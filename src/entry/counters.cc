#include "entry/counters.h"

#include <map>
#include <utility>

namespace refrain::entry {

counter_deltas summed(const counter_deltas& parts) {
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> sums;
  for (const auto& one : parts) sums[{one.day, one.name}] += one.amount;
  counter_deltas all;
  for (const auto& [key, amount] : sums) all.push_back({.day = key.first, .name = key.second, .amount = amount});
  return all;
}

counters& forgotten_counters() noexcept {
  class forgotten final : public counters {
    void add(counter_deltas /*deltas*/) override {}
    net::task<base::result<counter_deltas>> since(std::int64_t /*first_day*/) override { co_return counter_deltas{}; }
  };
  static forgotten all;
  return all;
}

}  // namespace refrain::entry
