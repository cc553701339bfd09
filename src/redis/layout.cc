#include "redis/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

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

/// A node as CLUSTER SLOTS tells it: host, port, id and what else it announces. A host that it does not know is nil,
/// empty or "?": then it is where it was `asked`.
std::optional<base::endpoint> read_node(const reply& told, const base::endpoint& asked) {
  if (!told.is(reply_kind::array) || told.items.size() < 2 || !told.items[1].is(reply_kind::integer)) return {};
  const auto port = told.items[1].integer;
  if (port <= 0 || port > std::numeric_limits<std::uint16_t>::max()) return {};
  const auto& host = told.items[0].text;
  const bool unknown = host.empty() || host == "?";
  return base::endpoint{unknown ? asked.host : host, static_cast<std::uint16_t>(port)};
}

/// The hostname among a node's further fields, a list of names and values; empty where it announces none.
std::string announced_name(const reply& told) {
  if (told.items.size() < 4) return {};
  const auto& fields = told.items[3].items;
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    if (fields[i].text == "hostname") return fields[i + 1].text;
  }
  return {};
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

std::string_view layout::name_of(const base::endpoint& server) const noexcept {
  const auto known = names.find(server);
  return known == names.end() ? std::string_view{} : known->second;
}

base::result<layout> read_cluster_slots(const reply& said, const base::endpoint& asked,
                                        const announcement_rules& rules) {
  if (said.is(reply_kind::error)) return fail(to_error(said.text));
  if (!said.is(reply_kind::array)) return no_layout();
  layout found{.owners = std::vector<std::uint16_t>(slot_count, layout::nobody)};
  for (const auto& range : said.items) {
    if (range.items.size() < 3 || !is_slot(range.items[0]) || !is_slot(range.items[1])) return no_layout();
    const auto first = static_cast<std::size_t>(range.items[0].integer);
    const auto last = static_cast<std::size_t>(range.items[1].integer);
    for (std::size_t i = 2; i < range.items.size(); ++i) {
      const auto told = read_node(range.items[i], asked);
      if (!told) return no_layout();
      const auto node = rules.way_to(*told);
      if (!node) {
        (void)index_in(found.left_out, *told);
        continue;
      }
      if (auto name = announced_name(range.items[i]); !name.empty()) found.names.emplace(*node, std::move(name));
      if (i > 2) {
        (void)index_in(found.replicas, *node);
        continue;
      }
      const auto owner = static_cast<std::uint16_t>(index_in(found.primaries, *node));
      for (auto slot = first; slot <= last; ++slot) found.owners[slot] = owner;
    }
  }
  if (!found.primaries.empty()) return found;
  if (found.left_out.empty()) return fail(to_error("CLUSTERDOWN"));
  return fail(errc::store_unavailable,
              fmt::format("the Redis Cluster names the node {}, which lies in another network than the configured "
                          "hosts: {}",
                          found.left_out.front().to_string(), left_out_remedy),
              true);
}

}  // namespace refrain::redis
