#include "store/redis_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/log.h"
#include "base/random.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;
using base::errc;
using base::fail;

constexpr auto poll_interval = 1s;
/// Before each of the trials that follow the first one of new connections.
constexpr std::array<std::chrono::milliseconds, 2> early_pauses{100ms, 200ms};
/// Where changes are pushed, records are read as often as this all the same.
constexpr unsigned seconds_between_polls = 30;

/// What the names of entries and of what is shared about purges begin with.
constexpr std::array<std::string_view, 7> heard_prefixes{
    "llm:", "tts:", "stt:", "embedding:", "image:", "text:", "refrain:purge"};

/// Trials of one set of connections before it is said that changes are not told.
constexpr unsigned patience = 4;
/// How many names are looked through for one that a server has: far more than a Cluster has servers.
constexpr unsigned most_names = 4096;

bool hears_all(const redis::client_state& now) { return now.servers > 0 && now.hearing == now.servers; }

std::string reason(const redis::client_state& now) { return now.fault ? now.fault->context : "no reason was given"; }

}  // namespace

redis_watch::redis_watch(const store_options& options, std::string location, std::shared_ptr<near_cache> near)
    : options_(options),
      location_(std::move(location)),
      near_(std::move(near)),
      purges_(options),
      canary_(options.prefix + "llm:trial:") {}

redis::commands redis_watch::opening() const {
  // What this process writes itself comes over the same connection, and is not told to it (NOLOOP).
  std::vector<std::string> words{"CLIENT", "TRACKING", "ON", "BCAST", "NOLOOP"};
  for (const auto prefix : heard_prefixes) {
    words.emplace_back("PREFIX");
    words.push_back(options_.prefix + std::string{prefix});
  }
  redis::commands request;
  return request.add(words);
}

void redis_watch::on_state(redis::client& servers, const redis::client_state& now) {
  redis::client_state before;
  {
    const std::lock_guard guard{mutex_};
    before = std::exchange(state_, now);
    heard_ = heard_ || now.fault || now.up > 0;
    up_ = now.up > 0;
    if (now.up == 0) caught_up_ = false;
  }
  log_change(before, now);
  const bool others = now.renewals != before.renewals || now.servers != before.servers;
  // What was changed while nobody listened is not known.
  if (near_ && (now.hearing > before.hearing || others)) near_->all_changed();
  if (others || now.up > before.up || now.hearing != before.hearing) {
    canary_ = fmt::format("{}llm:trial:{}:", options_.prefix, base::random_hex(8));
    returned_.clear();
    until_next_ = 1;
    trials_made_ = 1;
    if (now.up > 0) net::spawn(servers.home().get_executor(), find_out(this, &servers, canary_));
  }
  if (now.up > before.up) {
    comings_.fetch_add(1, std::memory_order_relaxed);
    net::spawn(servers.home().get_executor(), catch_up(this, &servers));
  }
  changed_.notify_all();
}

net::task<> redis_watch::find_out(redis_watch* self, redis::client* servers, std::string canary) {
  self->try_out(*servers);
  for (const auto pause : early_pauses) {
    co_await net::sleep_for(pause);
    const auto now = self->state();
    if (self->canary_ != canary || !hears_all(now) || self->is_told(now)) co_return;
    self->try_out(*servers);
  }
}

redis::client_state redis_watch::state() const {
  const std::lock_guard guard{mutex_};
  return state_;
}

/// One write to each server.
void redis_watch::try_out(redis::client& servers) const {
  if (!trials_.make) return;
  for (std::size_t server = 0; server < servers.servers(); ++server) {
    for (unsigned i = 0; i < most_names; ++i) {
      auto key = fmt::format("{}{}", canary_, i);
      if (servers.owner_of(key) != server) continue;
      trials_.make(std::move(key));
      break;
    }
  }
}

/// Whether every server tells of changes: it has told of one.
bool redis_watch::is_told(const redis::client_state& now) const {
  return hears_all(now) && returned_.size() >= now.servers;
}

/// Each second.
void redis_watch::look_for_canaries(redis::client& servers, const redis::client_state& now) {
  const bool untold = hears_all(now) && !is_told(now) && --until_next_ == 0;
  if (untold) until_next_ = std::min(1U << std::min(trials_made_, 5U), seconds_between_polls);
  if (untold && trials_made_ == patience && !said_untold_) {
    said_untold_ = true;
    base::log_info("Redis at {} takes CLIENT TRACKING and tells of no change: copies in memory are good for a second",
                   location_);
  }
  if (untold) ++trials_made_;
  if (now.up > 0 && (untold || (trials_.wanted && trials_.wanted()))) try_out(servers);
}

void redis_watch::log_change(const redis::client_state& before, const redis::client_state& now) {
  if (now.turned_cluster && !std::exchange(said_turned_, true)) {
    base::log_info("Redis at {} is a node of a Cluster: its {} primaries are used; redis+cluster:// says so at once",
                   location_, now.servers);
  }
  const bool first_fault = now.fault && !before.fault;
  const bool went = now.up == 0 && (before.up > 0 || first_fault);
  const bool came = now.up > 0 && before.up == 0;
  const bool in_part = now.up > 0 && now.up < now.servers && before.up == before.servers && before.up > 0;
  const bool whole = now.up == now.servers && said_part_;
  if (!(went || came || in_part || whole) || !lines_.allows(std::chrono::steady_clock::now())) return;
  said_part_ = in_part;
  if (went) {
    base::log_warning("Redis at {} is away: {}; answers are not shared until it is back", location_, reason(now));
  } else if (came) {
    base::log_info("Connected to Redis at {}", location_);
  } else if (in_part) {
    base::log_warning("Redis at {}: {} of {} servers are away: {}", location_, now.servers - now.up, now.servers,
                      reason(now));
  } else {
    base::log_info("Redis at {}: all {} servers are there again", location_, now.servers);
  }
}

void redis_watch::on_push(redis::client& servers, const redis::reply& pushed) {
  if (pushed.items.size() < 2 || pushed.items[0].text != "invalidate") return;
  const auto& keys = pushed.items[1];
  // Without keys: all of them, by FLUSHALL or FLUSHDB.
  if (keys.is(redis::reply_kind::nil) && near_) near_->all_changed();
  bool purged = keys.is(redis::reply_kind::nil);
  for (const auto& key : keys.items) {
    if (key.text.starts_with(canary_)) {
      returned_.insert(key.text);
      continue;
    }
    const auto name = std::string_view{key.text}.substr(std::min(options_.prefix.size(), key.text.size()));
    if (name.starts_with("refrain:")) {
      purged = true;
    } else if (near_) {
      (void)near_->changed(name);
    }
  }
  if (purged) net::spawn(servers.home().get_executor(), catch_up(this, &servers));
}

net::task<> redis_watch::catch_up(redis_watch* self, redis::client* servers) {
  const auto learnt = co_await self->purges_.poll(*servers);
  // An ACL may keep the records from us; a server that is away has been told of already.
  const bool kept_from_us =
      !learnt && self->is_up() && learnt.error().code == errc::store_unavailable && !learnt.error().retry;
  if (kept_from_us && !self->warned_of_purges_ && self->lines_.allows(std::chrono::steady_clock::now())) {
    self->warned_of_purges_ = true;
    base::log_warning("Redis at {}: what other gateways purge is not learnt: {}", self->location_,
                      learnt.error().context);
  }
  if (!learnt && !kept_from_us) co_return;
  const std::lock_guard guard{self->mutex_};
  self->caught_up_ = self->state_.up > 0;
  self->heard_ = true;
  self->changed_.notify_all();
}

net::task<> redis_watch::keep(redis_watch* self, redis::client* servers) {
  for (unsigned turn = 1;; ++turn) {
    co_await net::sleep_for(poll_interval);
    const auto now = self->state();
    self->look_for_canaries(*servers, now);
    const bool pushed = self->is_told(now);
    if (self->near_ && !pushed) self->near_->all_changed();
    if (!pushed || !self->may_serve() || turn % seconds_between_polls == 0) co_await catch_up(self, servers);
  }
}

base::result<void> redis_watch::await(std::chrono::milliseconds timeout) {
  std::unique_lock guard{mutex_};
  const auto is_known = [this] { return (caught_up_ && state_.up == state_.servers) || (heard_ && state_.up == 0); };
  if (!changed_.wait_for(guard, timeout, is_known) && !caught_up_) {
    return fail(errc::store_unavailable, fmt::format("Redis at {} does not answer", location_), true);
  }
  if (state_.up == 0 && state_.fault) return fail(*state_.fault);
  return {};
}

void redis_watch::describe(entry::store_status& status) const {
  const std::lock_guard guard{mutex_};
  status.location = location_;
  if (state_.up == 0) {
    status.health = entry::store_health::down;
  } else if (state_.up < state_.servers) {
    status.health = entry::store_health::degraded;
  }
  if (state_.fault && state_.up < state_.servers) {
    status.detail = state_.fault->context;
  } else if (state_.servers == 0) {
    status.detail = "not connected yet";
  }
}

}  // namespace refrain::store
