#include "redis/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "redis/announced.h"
#include "redis/faults.h"
#include "redis/slots.h"

namespace refrain::redis {
namespace {

using base::errc;
using base::fail;

std::unexpected<base::error> no_layout() {
  return fail(errc::upstream_protocol, "CLUSTER SLOTS was answered with something else");
}

bool is_slot(const reply& one) {
  return one.is(reply_kind::integer) && one.integer >= 0 && std::cmp_less(one.integer, slot_count);
}

/// Its index in the list, to which it is added where it is new.
std::size_t index_in(std::vector<base::endpoint>& list, const base::endpoint& node) {
  const auto at = std::ranges::find(list, node);
  if (at != list.end()) return static_cast<std::size_t>(at - list.begin());
  list.push_back(node);
  return list.size() - 1;
}

}  // namespace

std::optional<std::size_t> layout::owner_of(std::string_view key) const noexcept {
  if (owners.empty()) return primaries.empty() ? std::nullopt : std::optional<std::size_t>{0};
  const auto owner = owners[slot_of(key)];
  return owner == nobody ? std::nullopt : std::optional<std::size_t>{owner};
}

std::optional<base::endpoint> read_cluster_node(const reply& told, const base::endpoint& asked) {
  if (!told.is(reply_kind::array) || told.items.size() < 2 || !told.items[1].is(reply_kind::integer)) return {};
  const auto port = told.items[1].integer;
  if (port <= 0 || port > std::numeric_limits<std::uint16_t>::max()) return {};
  const auto& host = told.items[0].text;
  const bool unknown = host.empty() || host == "?";
  return base::endpoint{unknown ? asked.host : host, static_cast<std::uint16_t>(port)};
}

base::result<layout> read_cluster_slots(const reply& said, const base::endpoint& asked,
                                        const std::vector<base::endpoint>& configured) {
  if (said.is(reply_kind::error)) return fail(to_error(said.text));
  if (!said.is(reply_kind::array)) return no_layout();
  layout found{.owners = std::vector<std::uint16_t>(slot_count, layout::nobody)};
  std::string strange;
  for (const auto& range : said.items) {
    if (range.items.size() < 3 || !is_slot(range.items[0]) || !is_slot(range.items[1])) return no_layout();
    const auto first = static_cast<std::size_t>(range.items[0].integer);
    const auto last = static_cast<std::size_t>(range.items[1].integer);
    for (std::size_t i = 2; i < range.items.size(); ++i) {
      const auto node = read_cluster_node(range.items[i], asked);
      if (!node) return no_layout();
      if (!may_be_sent_to(*node, configured)) {
        strange = node->to_string();
      } else if (i > 2) {
        (void)index_in(found.replicas, *node);
      } else {
        const auto owner = static_cast<std::uint16_t>(index_in(found.primaries, *node));
        for (auto slot = first; slot <= last; ++slot) found.owners[slot] = owner;
      }
    }
  }
  if (!found.primaries.empty()) return found;
  if (strange.empty()) return fail(to_error("CLUSTERDOWN"));
  return fail(errc::store_unavailable,
              fmt::format("the Redis Cluster names the node {}, which lies in another network than the hosts of "
                          "redis+cluster://: add it there if it is right",
                          strange),
              true);
}

}  // namespace refrain::redis
