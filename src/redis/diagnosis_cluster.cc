#include <fmt/format.h>

#include <algorithm>

#include "redis/diagnosis_parts.h"
#include "redis/layout.h"

namespace refrain::redis {
namespace {

constexpr const char* check = "redis cluster";
constexpr std::size_t most_named = 3;

net::task<findings> reach_primaries(net::loop& home, std::vector<base::endpoint> all, net::destination where) {
  findings seen;
  for (const auto& one : all) {
    // Where none is reached, each would take its time, and say the same.
    if (seen.size() == most_named) break;
    where.host = one.host;
    where.port = one.port;
    const auto reached = co_await net::dial(home, where);
    if (reached) continue;
    seen.push_back(finding::fault(check,
                                  fmt::format("the Cluster names {}, which is not reached from here: {}",
                                              where.to_string(), reached.error().context),
                                  "start that node, or let it announce an address that the gateway reaches "
                                  "(cluster-announce-ip, cluster-announce-hostname)"));
  }
  if (seen.empty()) {
    seen.push_back(finding::ok(check, fmt::format("all of its {} primaries are reached", all.size())));
  }
  co_return seen;
}

}  // namespace

finding judge_cluster(std::string_view info, std::string_view place) {
  const auto number = [info](std::string_view name) {
    const auto field = field_of(info, name);
    return field.empty() ? "0" : field;
  };
  if (field_of(info, "cluster_state") == "ok") {
    return finding::ok(check,
                       fmt::format("{} says that it is whole: {} nodes", place, field_of(info, "cluster_known_nodes")));
  }
  return finding::fault(
      check,
      fmt::format("{} says that the Cluster is down: {} of 16384 slots are assigned, {} of them lost", place,
                  number("cluster_slots_assigned"), number("cluster_slots_fail")),
      fmt::format("redis-cli --cluster check {} says what is missing, --cluster fix assigns it; a new one is made by "
                  "--cluster create",
                  place));
}

net::task<findings> examine_cluster(net::loop& home, std::shared_ptr<link> over, link_options options) {
  commands what{"CLUSTER", "INFO"};
  what.add({"CLUSTER", "SLOTS"});
  const auto said = co_await over->call(std::move(what));
  if (!said || !said->front().is(reply_kind::bytes)) co_return findings{};
  findings seen{judge_cluster(said->front().text, options.where.to_string())};
  const base::endpoint asked{.host = options.where.host, .port = options.where.port};
  std::vector<base::endpoint> primaries;
  for (const auto& range : said->back().items) {
    // First slot, last slot, the primary, its replicas.
    const auto node = range.items.size() < 3 ? std::nullopt : read_cluster_node(range.items[2], asked);
    if (node && std::ranges::find(primaries, *node) == primaries.end()) primaries.push_back(*node);
  }
  if (!primaries.empty()) append(seen, co_await reach_primaries(home, std::move(primaries), options.where));
  co_return seen;
}

}  // namespace refrain::redis
