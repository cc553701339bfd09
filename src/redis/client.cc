#include "redis/client.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <future>
#include <utility>

#include "redis/redirect.h"

namespace refrain::redis {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using base::errc;
using base::fail;
using steady = std::chrono::steady_clock;

/// How often the servers are looked for where all is well.
constexpr auto look_interval = 30s;
/// How long a node may take to let us in, before it counts as one that is not reached.
constexpr auto reach_limit = 2s;
/// How long a command may be redirected (docs/reliability.md, Redis).
constexpr auto redirect_limit = 50ms;
constexpr unsigned most_redirects = 2;
constexpr auto try_again_pause = 5ms;

/// Whether a reply says that this server is not, or no more, the one to write to.
bool is_out_of_place(const reply& said) {
  const auto kind = said.error_class();
  return said.is(reply_kind::error) && (kind == "READONLY" || kind == "CLUSTERDOWN" || kind == "MASTERDOWN");
}

bool went_well(const greeting& now) {
  return !now.opened.empty() &&
         std::ranges::none_of(now.opened, [](const auto& one) { return one.is(reply_kind::error); });
}

}  // namespace

struct client::table {
  layout where;
  std::vector<std::shared_ptr<node>> nodes;  ///< in the order of the layout's primaries

  [[nodiscard]] std::shared_ptr<node> at(const base::endpoint& place) const {
    const auto found = std::ranges::find(nodes, place, [](const auto& one) -> const auto& { return one->where(); });
    return found == nodes.end() ? nullptr : *found;
  }
};

/// A server that the table has.
struct client::member {
  std::shared_ptr<node> connections;
  bool up = false;
  bool hearing = false;
  std::optional<base::error> fault;
};

struct client::pause {
  explicit pause(net::loop& home) : timer(home.context()) {}
  asio::steady_timer timer;
};

client::client(client_options options)
    : options_(std::move(options)),
      kind_(options_.where.kind),
      table_(std::make_shared<table>()),
      fault_{errc::store_unavailable, "it is not connected yet", true},
      pause_(std::make_unique<pause>(home_)) {
  options_.node.lane.to_primary = options_.where.kind != topology::standalone;
  if (options_.where.kind == topology::standalone) {
    install(layout::of_one(options_.where.hosts.front()));
  } else {
    net::spawn(home_.get_executor(), keep_looking(this));
  }
  thread_ = std::jthread{[this] { home_.run(); }};
}

client::~client() {
  std::promise<void> stopped;
  asio::post(home_.get_executor(), [&] {
    options_.report = nullptr;
    stopped.set_value();
  });
  stopped.get_future().wait();
  home_.stop();
  thread_.join();
  for (const auto& [place, one] : members_) one.connections->stop();
  members_.clear();
  table_ = nullptr;
  pause_ = nullptr;
  home_.discard();
}

std::shared_ptr<const client::table> client::now() const {
  const std::lock_guard guard{mutex_};
  return table_;
}

base::error client::away() const {
  const std::lock_guard guard{mutex_};
  return fault_;
}

std::optional<std::size_t> client::owner_of(std::string_view key) const { return now()->where.owner_of(key); }

std::size_t client::servers() const { return std::max<std::size_t>(now()->nodes.size(), 1); }

net::task<replies> client::call(use purpose, commands request) {
  if (kind_ == topology::cluster) return call_in_cluster(purpose, std::move(request));
  return call_at(0, purpose, std::move(request));
}

net::task<replies> client::call_at(std::size_t server, use purpose, commands request) {
  const auto known = now();
  auto target = server < known->nodes.size() ? known->nodes[server] : nullptr;
  // Reads of a single server lead nowhere else.
  if (target && purpose == use::read && kind_ == topology::standalone) return target->call(purpose, std::move(request));
  return call_and_look(this, std::move(target), purpose, std::move(request));
}

net::task<replies> client::call_and_look(client* self, std::shared_ptr<node> target, use purpose, commands request) {
  if (!target) co_return fail(self->away());
  auto said = co_await target->call(purpose, std::move(request));
  self->look_at(said, target);
  co_return said;
}

/// What an answer says of where the data are.
void client::look_at(const replies& said, const std::shared_ptr<node>& target) {
  const bool misplaced = !said || std::ranges::any_of(*said, is_out_of_place);
  if (kind_ != topology::standalone) {
    if (misplaced) suspect();
    return;
  }
  if (said && misplaced) target->renew();
  if (said && find_redirect(*said)) turn_soon();
}

net::task<replies> client::call_in_cluster(use purpose, commands request) {
  const auto began = steady::now();
  const auto known = now();
  const auto owner = known->where.owner_of(request.key());
  if (!owner) {
    suspect();
    co_return fail(away());
  }
  auto target = known->nodes[*owner];
  bool asking = false;
  for (unsigned hops = 0;; ++hops) {
    commands attempt;
    if (asking) attempt.add({"ASKING"});
    attempt.append(request);
    auto said = co_await call_and_look(this, target, purpose, std::move(attempt));
    if (!said) co_return said;
    if (asking) said->erase(said->begin());
    const auto elsewhere = find_redirect(*said);
    if (!elsewhere) co_return said;
    if (elsewhere->kind == fault::moved) suspect();
    if (hops == most_redirects || steady::now() - began > redirect_limit) co_return said;
    if (elsewhere->kind == fault::try_again) {
      co_await net::sleep_for(try_again_pause);
      continue;
    }
    auto to = elsewhere->to;
    if (to.host.empty()) to.host = target->where().host;
    // Only to nodes that the layout has: announced.h has allowed them.
    target = known->at(mapped(options_.where.map, to));
    if (!target) co_return said;
    asking = elsewhere->kind == fault::ask;
  }
}

void client::distrust(use purpose, std::string_view key) {
  const auto known = now();
  const auto owner = known->where.owner_of(key);
  if (owner && *owner < known->nodes.size()) known->nodes[*owner]->distrust(purpose);
}

void client::suspect() {
  if (kind_ == topology::standalone || suspected_.exchange(true)) return;
  asio::post(home_.get_executor(), [this] { pause_->timer.cancel(); });
}

net::task<> client::keep_looking(client* self) {
  for (std::size_t turn = 0;; ++turn) {
    self->suspected_ = false;
    const auto known = self->now();
    auto others = known->where.primaries;
    others.insert(others.end(), known->where.replicas.begin(), known->where.replicas.end());
    if (self->options_.where.kind == topology::sentinel) others.clear();
    auto found = co_await find_layout(self->home_, self->options_.where, std::move(others), turn);
    const auto least = found ? self->backoff_.usual() : self->backoff_.after(found.error());
    if (found) {
      self->backoff_.reached();
      self->install(*std::move(found));
    } else {
      self->reread_after(found.error());
      const std::lock_guard guard{self->mutex_};
      self->fault_ = found.error();
    }
    self->report_state();
    co_await self->wait_to_look(least);
  }
}

/// Sentinels have a login of their own; nodes of a Cluster have the one that the data have.
void client::reread_after(const base::error& fault) {
  const auto& reread = options_.node.lane.reread;
  if (kind_ != topology::cluster || !reread || !is_refusal(fault)) return;
  if (const auto fresh = reread()) options_.where.asking.who = *fresh;
}

/// At least so long; then until something is amiss, or it is time again.
net::task<> client::wait_to_look(std::chrono::milliseconds least) {
  co_await net::sleep_for(least);
  const bool all_up = !members_.empty() && std::ranges::all_of(members_, [](const auto& one) { return one.second.up; });
  if (!all_up || suspected_) co_return;
  pause_->timer.expires_after(look_interval);
  (void)co_await pause_->timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

void client::turn_soon() {
  if (kind_ != topology::standalone || turning_.exchange(true)) return;
  net::spawn(home_.get_executor(), turn_into_cluster(this));
}

net::task<bool> client::reaches_all(net::loop& home, link_options by, layout found) {
  for (const auto& one : found.primaries) {
    auto there = by.at(one, found.name_of(one));
    there.where.limit = reach_limit;
    const auto reached = co_await link::open(home, std::move(there));
    if (!reached) co_return false;
    (*reached)->close({errc::closed, "it is reached"});
  }
  co_return !found.primaries.empty();
}

/// As long as they are not all reached, the one server is asked on: it may be a proxy that answers for all.
net::task<> client::turn_into_cluster(client* self) {
  while (true) {
    auto where = self->options_.where;
    where.kind = topology::cluster;
    std::vector<base::endpoint> nobody_else;
    auto found = co_await find_layout(self->home_, where, std::move(nobody_else), 0);
    bool all_reached = false;
    if (found) all_reached = co_await reaches_all(self->home_, where.asking, *found);
    if (all_reached) {
      self->options_.where.kind = topology::cluster;
      self->options_.node.lane.to_primary = true;
      self->install(*std::move(found));
      self->kind_ = topology::cluster;
      self->report_state();
      net::spawn(self->home_.get_executor(), keep_looking(self));
      co_return;
    }
    co_await net::sleep_for(look_interval);
  }
}

void client::install(layout found) {
  auto next = std::make_shared<table>();
  std::map<base::endpoint, member> members;
  for (const auto& place : found.primaries) {
    auto known = members_.extract(place);
    if (known.empty()) {
      auto report = [this, place](const base::result<greeting>& now) { on_lane_report(place, now); };
      auto options = options_.node;
      options.lane.to = options.lane.to.at(place, found.name_of(place));
      auto fresh = std::make_shared<node>(home_, options, std::move(report));
      members.emplace(place, member{.connections = std::move(fresh)});
    } else {
      members.insert(std::move(known));
    }
    next->nodes.push_back(members.at(place).connections);
  }
  for (const auto& [place, gone] : members_) gone.connections->stop_soon();
  members_ = std::move(members);
  next->where = std::move(found);
  const std::lock_guard guard{mutex_};
  table_ = std::move(next);
}

void client::on_lane_report(const base::endpoint& from, const base::result<greeting>& now) {
  const auto at = members_.find(from);
  if (at == members_.end()) return;
  at->second.up = now.has_value();
  at->second.hearing = now && went_well(*now);
  at->second.fault = now ? std::nullopt : std::optional{now.error()};
  if (now && now->renewed) ++renewals_;
  if (!now) suspect();
  if (now && now->mode == "cluster") turn_soon();
  report_state();
}

void client::report_state() {
  if (!options_.report) return;
  client_state state{.servers = members_.size(), .renewals = renewals_};
  state.turned_cluster = turning_ && kind_ == topology::cluster;
  for (const auto& [place, one] : members_) {
    state.up += one.up ? 1 : 0;
    state.hearing += one.hearing ? 1 : 0;
    if (one.fault) state.fault = one.fault;
  }
  if (members_.empty()) state.fault = away();
  options_.report(state);
}

}  // namespace refrain::redis
