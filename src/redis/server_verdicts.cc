// What facts of a server mean for the store.
#include <fmt/format.h>

#include "base/bytes.h"
#include "redis/diagnosis_server.h"
#include "redis/reply_timeout.h"

namespace refrain::redis {

std::optional<finding> judge_kind(topology wanted, std::string_view mode, std::string_view place) {
  const auto taken_for = [place](std::string_view is, std::string remedy) {
    return finding{.check = "redis",
                   .what = condition::fault,
                   .text = fmt::format("{} {}", place, is),
                   .remedy = std::move(remedy)};
  };
  if (mode == "sentinel") {
    return taken_for("is a Sentinel and was taken for a server",
                     "write redis+sentinel://host/service (its port is 26379 unless it says else)");
  }
  if (mode == "cluster" && wanted != topology::cluster) {
    return taken_for("is a node of a Redis Cluster and was taken for a server of its own",
                     "write redis+cluster:// (with TLS rediss+cluster://), without a number of a database");
  }
  if (mode == "standalone" && wanted == topology::cluster) {
    return taken_for("is no Cluster and was taken for a node of one", "write redis:// in place of redis+cluster://");
  }
  return std::nullopt;
}

finding judge_distance(std::chrono::microseconds round_trip, std::optional<std::chrono::milliseconds> deadline,
                       std::string_view place) {
  using namespace std::chrono_literals;
  reply_timeout allowed{deadline};
  allowed.saw(round_trip);
  finding seen{.check = "redis distance",
               .text = fmt::format("{} answers in {:.2f} ms, the median of five PINGs", place,
                                   static_cast<double>(round_trip.count()) / 1000)};
  if (round_trip >= allowed.first_byte()) {
    seen.what = condition::fault;
    seen.text += fmt::format("; a lookup waits for {} ms and so would miss",
                             std::chrono::floor<std::chrono::milliseconds>(allowed.first_byte()).count());
    seen.remedy = "raise redis.deadline, or use a Redis in the gateway's region";
  } else if (round_trip * 4 > allowed.first_byte() && (deadline || round_trip > 100ms)) {
    seen.what = condition::warning;
    seen.text += fmt::format("; a lookup waits for {} ms, less than four times that, and misses where the way is slow",
                             std::chrono::floor<std::chrono::milliseconds>(allowed.first_byte()).count());
    seen.remedy = deadline ? "raise redis.deadline, or use a Redis that is nearer"
                           : "use a Redis in the gateway's region, or set redis.deadline";
  }
  return seen;
}

finding judge_memory(const server_facts& told) {
  finding seen{.check = "redis memory"};
  const auto used = base::to_string(base::byte_count{told.memory_used});
  if (told.memory_bound == 0) {
    seen.what = condition::warning;
    seen.text = fmt::format("{} used and no bound: it grows until the machine has none left", used);
    seen.remedy = "set maxmemory and maxmemory-policy allkeys-lru in redis.conf";
  } else {
    seen.text = fmt::format("{} of {} used, policy {}", used, base::to_string(base::byte_count{told.memory_bound}),
                            told.policy.empty() ? "unknown" : told.policy);
    if (told.policy == "noeviction") {
      seen.what = condition::warning;
      seen.text += ": once full it takes no more answers";
      seen.remedy = "CONFIG SET maxmemory-policy allkeys-lru, and the same in redis.conf";
    }
  }
  return seen;
}

std::optional<finding> judge_clients(const server_facts& told, unsigned connections) {
  if (told.clients_bound == 0 || told.clients + connections <= told.clients_bound) return std::nullopt;
  return finding{.check = "redis clients",
                 .what = condition::warning,
                 .text = fmt::format("{} of {} clients are connected, and a gateway opens up to {}", told.clients,
                                     told.clients_bound, connections),
                 .remedy = "raise maxclients there (a hosted one: the plan), or lower redis.connections"};
}

}  // namespace refrain::redis
