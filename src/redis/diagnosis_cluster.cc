#include "redis/diagnosis_cluster.h"

#include <fmt/format.h>

#include <algorithm>

#include "redis/connection_faults.h"
#include "redis/server_facts.h"

namespace refrain::redis {
namespace {

constexpr std::size_t most_named = 3;

std::string_view or_zero(std::string_view number) { return number.empty() ? "0" : number; }

net::task<findings> reach_primaries(net::loop& home, std::vector<net::destination> all) {
  findings seen;
  for (const auto& one : all) {
    // Where none is reached, each would take its time, and say the same.
    if (seen.size() == most_named) break;
    const auto reached = co_await net::dial(home, one);
    if (reached) continue;
    seen.push_back({.check = "redis cluster",
                    .what = condition::fault,
                    .text = fmt::format("the Cluster names {}, which is not reached from here: {}", one.to_string(),
                                        reached.error().context),
                    .remedy = "start that node, or let it announce an address that the gateway reaches "
                              "(cluster-announce-ip, cluster-announce-hostname)"});
  }
  if (seen.empty()) {
    seen.push_back({.check = "redis cluster", .text = fmt::format("all of its {} primaries are reached", all.size())});
  }
  co_return seen;
}

}  // namespace

finding judge_cluster(std::string_view info, std::string_view place) {
  finding seen{.check = "redis cluster"};
  const auto state = field_of(info, "cluster_state");
  const auto assigned = or_zero(field_of(info, "cluster_slots_assigned"));
  const auto lost = or_zero(field_of(info, "cluster_slots_fail"));
  if (state == "ok") {
    seen.text = fmt::format("{} says that it is whole: {} nodes", place, field_of(info, "cluster_known_nodes"));
    return seen;
  }
  seen.what = condition::fault;
  seen.text = fmt::format("{} says that the Cluster is down: {} of 16384 slots are assigned, {} of them lost", place,
                          assigned, lost);
  seen.remedy = fmt::format(
      "redis-cli --cluster check {} says what is missing, --cluster fix assigns it; a new one is "
      "made by --cluster create",
      place);
  return seen;
}

std::vector<net::destination> primaries_of(const reply& slots, const net::destination& from) {
  std::vector<net::destination> all;
  for (const auto& range : slots.items) {
    // First slot, last slot, the primary, its replicas; a node is host, port, and more.
    if (range.items.size() < 3 || range.items[2].items.size() < 2) continue;
    const auto& node = range.items[2].items;
    auto one = from;
    if (!node[0].text.empty() && node[0].text != "?") one.host = node[0].text;
    one.port = static_cast<std::uint16_t>(node[1].integer);
    const auto same = [&](const net::destination& other) { return other.host == one.host && other.port == one.port; };
    if (std::ranges::none_of(all, same)) all.push_back(std::move(one));
  }
  return all;
}

net::task<findings> examine_cluster(net::loop& home, std::shared_ptr<link> over, link_options options) {
  commands what{"CLUSTER", "INFO"};
  what.add({"CLUSTER", "SLOTS"});
  const auto said = co_await over->call(std::move(what));
  if (!said || !said->front().is(reply_kind::bytes)) co_return findings{};
  findings seen{judge_cluster(said->front().text, options.where.to_string())};
  auto primaries = primaries_of(said->back(), options.where);
  if (!primaries.empty()) append(seen, co_await reach_primaries(home, std::move(primaries)));
  co_return seen;
}

}  // namespace refrain::redis
