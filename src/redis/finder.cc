#include "redis/finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/text.h"
#include "redis/faults.h"

namespace refrain::redis {
namespace {

using namespace std::chrono_literals;
using base::errc;
using base::fail;

/// A server that takes longer is left out: another may know.
constexpr auto limit_for_one = 2s;

commands question(const search& where) {
  if (where.kind == topology::cluster) return {"CLUSTER", "SLOTS"};
  return {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", where.service};
}

base::result<layout> read_answer(const search& where, const base::endpoint& asked, const reply& said) {
  if (where.kind == topology::cluster)
    return read_cluster_slots(said, asked, {.configured = where.hosts, .map = where.map});
  return read_sentinel(said, where.service, where.map);
}

net::task<base::result<layout>> ask_one(net::loop& home, search where, base::endpoint whom) {
  auto asking = where.asking.at(whom);
  asking.where.limit = limit_for_one;
  auto opened = co_await link::open(home, std::move(asking));
  if (!opened) co_return fail(opened.error());
  auto asked = question(where);
  const auto said = co_await (*opened)->call(std::move(asked));
  (*opened)->close({errc::closed, "it has answered"});
  if (!said) co_return fail(said.error());
  co_return read_answer(where, whom, said->front());
}

/// Those who may know, each once.
std::vector<base::endpoint> askable(const search& where, std::vector<base::endpoint> known) {
  for (const auto& one : where.hosts) {
    if (std::ranges::find(known, one) == known.end()) known.push_back(one);
  }
  return known;
}

/// Whether a person can do more about this one.
bool tells_more(const base::error& one, const base::error& than) {
  return one.code == errc::store_unavailable && (than.code != errc::store_unavailable || (than.retry && !one.retry));
}

}  // namespace

base::result<layout> read_sentinel(const reply& said, const std::string& service, const base::endpoint_map& map) {
  if (said.is(reply_kind::error)) return fail(to_error(said.text));
  if (said.is(reply_kind::nil)) {
    return fail(errc::store_unavailable,
                fmt::format("the Sentinels know no primary named {}: `SENTINEL MASTERS` lists those that they know; "
                            "name one of them at the end of redis+sentinel://hosts/NAME",
                            service));
  }
  const auto port = said.items.size() == 2 ? base::to_integer<std::uint16_t>(said.items[1].text) : std::nullopt;
  if (!port || said.items[0].text.empty()) {
    return fail(errc::upstream_protocol, "a Sentinel answered with something else");
  }
  return layout::of_one(mapped(map, {.host = said.items[0].text, .port = *port}));
}

net::task<base::result<layout>> find_layout(net::loop& home, search where, std::vector<base::endpoint> known,
                                            std::size_t turn) {
  if (where.kind == topology::standalone) co_return layout::of_one(where.hosts.front());
  const auto whom = askable(where, std::move(known));
  base::error fault{errc::upstream_unreachable, "nobody knows where the data are", true};
  for (std::size_t i = 0; i < whom.size(); ++i) {
    auto found = co_await ask_one(home, where, whom[(turn + i) % whom.size()]);
    if (found) co_return found;
    if (i == 0 || tells_more(found.error(), fault)) fault = found.error();
  }
  co_return fail(std::move(fault));
}

}  // namespace refrain::redis
