#include <fmt/format.h>

#include <algorithm>

#include "redis/diagnosis_parts.h"
#include "redis/layout.h"
#include "redis/slots.h"

namespace refrain::redis {
namespace {

constexpr const char* check = "redis cluster";
constexpr std::ptrdiff_t most_named = 3;
const base::error done{base::errc::closed, "the look is over"};

/// A name like `key` in a slot that this primary has.
std::string key_at(const layout& known, std::size_t primary, const std::string& key) {
  for (std::size_t i = 0; i < slot_count; ++i) {
    auto name = fmt::format("{}:{}", key, i);
    if (known.owner_of(name) == primary) return name;
  }
  return key;
}

/// Whether a primary is reached, lets us in, and takes a write: what is amiss.
net::task<findings> try_primary(net::loop& home, link_options options, std::string key) {
  const auto reached = co_await net::dial(home, options.where);
  if (!reached) {
    co_return findings{finding::fault(check,
                                      fmt::format("the Cluster names {}, which is not reached from here: {}",
                                                  options.where.to_string(), reached.error().context),
                                      "start that node; or let it announce an address that the gateway reaches "
                                      "(cluster-announce-ip, cluster-announce-hostname), or say in redis.node_map "
                                      "where it is reached")};
  }
  auto made = co_await knock(home, options, check);
  if (!made.over) co_return made.seen;
  auto written = co_await try_write(made.over, options.where.to_string(), std::move(key));
  made.over->close(done);
  if (written.what != condition::ok) made.seen.push_back(std::move(written));
  co_return made.seen;
}

net::task<findings> try_primaries(net::loop& home, layout known, link_options options, std::string key) {
  findings seen;
  const auto faults = [&seen] { return std::ranges::count(seen, condition::fault, &finding::what); };
  // Where none is well, each would take its time, and say the same.
  for (std::size_t i = 0; i < known.primaries.size() && faults() < most_named; ++i) {
    const auto& place = known.primaries[i];
    append(seen, co_await try_primary(home, options.at(place, known.name_of(place)), key_at(known, i, key)));
  }
  if (faults() == 0) {
    seen.push_back(finding::ok(
        check, fmt::format("all of its {} primaries are reached, let us in and take writes", known.primaries.size())));
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

net::task<findings> examine_cluster(net::loop& home, std::shared_ptr<link> over, link_options options,
                                    diagnosis_options asked) {
  commands what{"CLUSTER", "INFO"};
  what.add({"CLUSTER", "SLOTS"});
  const auto said = co_await over->call(std::move(what));
  if (!said || !said->front().is(reply_kind::bytes)) co_return findings{};
  findings seen{judge_cluster(said->front().text, options.where.to_string())};
  const base::endpoint here{.host = options.where.host, .port = options.where.port};
  const auto known = read_cluster_slots(said->back(), here, {.configured = asked.there.hosts, .map = asked.node_map});
  if (!known && said->back().items.empty()) co_return seen;  // no slot has an owner, as was said
  if (!known) {
    seen.push_back(from_sentence(check, condition::fault, "", known.error().context));
    co_return seen;
  }
  for (const auto& one : known->left_out) {
    seen.push_back(finding::fault(
        check,
        fmt::format("the Cluster names {}, which lies in another network than the configured hosts", one.to_string()),
        std::string{left_out_remedy}));
  }
  append(seen, co_await try_primaries(home, *known, std::move(options), std::move(asked.probe_key)));
  co_return seen;
}

}  // namespace refrain::redis
