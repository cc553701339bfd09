#include "store/redis_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <charconv>

#include "base/log.h"
#include "store/naming.h"
#include "store/redis_value.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;
using base::errc;
using base::fail;
using redis::commands;
using redis::reply;
using redis::reply_kind;

/// What may wait to be written (reliability.md, Redis).
constexpr std::uint64_t most_queued = 64ull << 20;
constexpr auto flush_patience = 5s;
constexpr auto poll_interval = 1s;
constexpr unsigned turns_per_count = 10;
constexpr std::size_t pieces_at_once = 4;
constexpr std::chrono::seconds longest_pause = 30s;

std::unexpected<base::error> refused(const reply& said) { return fail(errc::store_unavailable, said.text, true); }

/// The reply that says what became of a transaction: its own, or the first that refused it.
const reply& verdict_on(const std::vector<reply>& said) {
  const auto bad = std::ranges::find(said, reply_kind::error, &reply::kind);
  return bad == said.end() ? said.back() : *bad;
}

redis::client_options with_report(redis::client_options server, redis::lane_report report) {
  server.report = std::move(report);
  return server;
}

}  // namespace

redis_store::redis_store(redis::client_options server, std::string location, store_options options)
    : options_(std::move(options)),
      location_(std::move(location)),
      purges_(options_),
      catalogue_(options_),
      counters_(options_),
      client_(with_report(std::move(server), [this](const auto& now) { hear(now); })) {
  net::spawn(client_.home().get_executor(), keep_house(this));
}

redis_store::~redis_store() = default;

std::string redis_store::key_of(std::string_view name) const { return options_.prefix + std::string{name}; }

bool redis_store::may_show(const entry::meta& about) const {
  const auto now = options_.clock->seconds();
  return now < about.stored_at + about.ttl + options_.keep_stale && !options_.purges->dead(about);
}

void redis_store::hear(const base::result<redis::greeting>& now) {
  const std::lock_guard guard{mutex_};
  const bool news = now ? !connected_ : connected_ || !heard_;
  const bool speaks = news && lines_.allows(std::chrono::steady_clock::now());
  if (speaks && now) base::log_info("Connected to Redis at {}", location_);
  if (speaks && !now) {
    base::log_warning("Redis at {} is away: {}; answers are not shared until it is back", location_,
                      now.error().context);
  }
  connected_ = now.has_value();
  fault_ = now ? std::nullopt : std::optional{now.error()};
  heard_ = !connected_;
  if (connected_) {
    net::spawn(net::loop::current()->get_executor(), catch_up(this));
  } else {
    caught_up_ = false;
    changed_.notify_all();
  }
}

/// What was purged while the server was away must not be served.
net::task<> redis_store::catch_up(redis_store* self) {
  const auto learnt = co_await self->purges_.poll(self->client_);
  if (!learnt) co_return;
  const std::lock_guard guard{self->mutex_};
  self->caught_up_ = self->connected_;
  self->heard_ = true;
  self->changed_.notify_all();
}

base::result<void> redis_store::await(std::chrono::milliseconds patience) {
  std::unique_lock guard{mutex_};
  if (!changed_.wait_for(guard, patience, [this] { return heard_; })) {
    return fail(errc::store_unavailable, fmt::format("Redis at {} does not answer", location_), true);
  }
  if (fault_) return fail(*fault_);
  return {};
}

entry::entry_ptr redis_store::peek(const entry::entry_id& /*id*/) { return nullptr; }

void redis_store::touch(const entry::entry_id& /*id*/) {}

net::task<base::result<std::vector<std::string>>> redis_store::read_pieces(std::string key, entry::meta about,
                                                                           std::size_t count) {
  std::vector<std::string> pieces;
  while (pieces.size() < count) {
    std::vector<std::string> words{"HMGET", key};
    for (auto i = pieces.size(); i < std::min(count, pieces.size() + pieces_at_once); ++i) {
      words.push_back(redis_piece_name(about, i));
    }
    const std::vector<std::string_view> views(words.begin(), words.end());
    commands what;
    what.add(views);
    auto said = co_await client_.read(std::move(what));
    if (!said) co_return fail(said.error());
    for (auto& one : said->front().items) {
      // Replaced, or evicted, since its meta was read.
      if (!one.is(reply_kind::bytes)) co_return fail(errc::store_corrupt, "a piece of a body is missing");
      pieces.push_back(std::move(one.text));
    }
    if (said->front().items.empty()) co_return fail(errc::store_corrupt, "a body has no pieces");
  }
  co_return pieces;
}

net::task<base::result<entry::entry_ptr>> redis_store::read(std::string name) {
  const auto key = key_of(name);
  commands what{"HMGET", key, redis_head[0], redis_head[1], redis_head[2], redis_head[3]};
  auto said = co_await client_.read(std::move(what));
  if (!said) co_return fail(said.error());
  auto& fields = said->front().items;
  // Also where the value is another kind of thing: it is not ours, and left alone.
  if (fields.size() != std::size(redis_head) || !fields[0].is(reply_kind::bytes)) co_return nullptr;
  auto about = read_redis_meta(name, fields[0].text, options_.sealer);
  if (!about) co_return fail(about.error());
  if (about->size > options_.entry_cap.value) co_return nullptr;

  std::vector<std::string> pieces;
  if (fields[3].is(reply_kind::bytes)) {
    pieces.push_back(std::move(fields[3].text));
  } else {
    std::size_t count = 0;
    std::from_chars(fields[2].text.data(), fields[2].text.data() + fields[2].text.size(), count);
    const auto most = about->size / redis_piece + 1;
    if (count < 2 || count > most) co_return fail(errc::store_corrupt, "a hash has no body");
    auto all = co_await read_pieces(key, *about, count);
    if (!all) co_return fail(all.error());
    pieces = *std::move(all);
  }
  co_return read_redis_body(*std::move(about), fields[1].text, pieces, options_.sealer);
}

void redis_store::note(const base::error& why) {
  if (why.code == errc::sealed_by_another_secret && !warned_of_secret_.exchange(true)) {
    base::log_warning(
        "the store holds entries sealed under another secret: they count as misses; set security.secret or "
        "security.secret_previous to it");
  }
  const bool shifted = why.code == errc::upstream_protocol;
  if (shifted || why.code == errc::store_corrupt) mismatches_.fetch_add(1, std::memory_order_relaxed);
  if (shifted) client_.distrust();
}

net::task<base::result<entry::entry_ptr>> redis_store::get(entry::entry_id id) {
  entry::entry_ptr found;
  {
    const std::lock_guard guard{mutex_};
    const auto at = pending_.find(id.digest);
    if (at != pending_.end()) found = at->second;
  }
  if (found == nullptr && caught_up_) {
    auto name = entry::storage_name(id);
    auto read_there = co_await read(std::move(name));
    if (!read_there) {
      note(read_there.error());
      co_return nullptr;
    }
    found = *std::move(read_there);
  }
  if (found == nullptr) co_return nullptr;
  if (found->about.id.digest != id.digest || found->about.id.tenant != id.tenant) {
    mismatches_.fetch_add(1, std::memory_order_relaxed);
    co_return nullptr;
  }
  if (!may_show(found->about)) co_return nullptr;
  co_return found;
}

void redis_store::put(entry::entry_ptr fresh) {
  const auto& about = fresh->about;
  const auto key = key_of(entry::storage_name(about.id));
  const auto fields = to_redis_fields(*fresh, options_.sealer);
  const auto kept = std::chrono::milliseconds{about.ttl + options_.keep_stale};
  commands what;
  if (!fields || about.size > options_.entry_cap.value) {
    // No older one may stay in its place.
    what.add({"DEL", key});
    send(std::move(what), nullptr);
    return;
  }
  std::vector<std::string_view> words{"HSET", key};
  for (const auto& [name, value] : *fields) words.insert(words.end(), {name, value});
  what.add({"MULTI"}).add({"DEL", key}).add(words).add({"PEXPIRE", key, std::to_string(kept.count())}).add({"EXEC"});
  send(std::move(what), std::move(fresh));
}

void redis_store::send(commands what, entry::entry_ptr pending) {
  {
    const std::lock_guard guard{mutex_};
    const bool paused = writes_pause_ > 0s && options_.clock->steady() < writes_from_;
    if (!connected_ || paused || queued_bytes_ + what.wire().size() > most_queued) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    queued_bytes_ += what.wire().size();
    ++queued_;
    if (pending) pending_[pending->about.id.digest] = pending;
  }
  net::spawn(client_.home().get_executor(), write_behind(this, std::move(what), std::move(pending)));
}

net::task<> redis_store::write_behind(redis_store* self, commands what, entry::entry_ptr pending) {
  const auto bytes = what.wire().size();
  const auto said = co_await self->client_.write(std::move(what));
  const bool written = said && !verdict_on(*said).is(reply_kind::error);
  const bool full = said && verdict_on(*said).error_class() == "OOM";

  const std::lock_guard guard{self->mutex_};
  if (!written) self->dropped_.fetch_add(1, std::memory_order_relaxed);
  if (full) {
    self->writes_pause_ = std::clamp(self->writes_pause_ * 2, std::chrono::seconds{1}, longest_pause);
    self->writes_from_ = self->options_.clock->steady() + self->writes_pause_;
  } else if (written) {
    self->writes_pause_ = 0s;
  }
  if (pending) {
    const auto at = self->pending_.find(pending->about.id.digest);
    if (at != self->pending_.end() && at->second == pending) self->pending_.erase(at);
  }
  self->queued_bytes_ -= bytes;
  --self->queued_;
  self->changed_.notify_all();
}

net::task<base::result<entry::entry_ptr>> redis_store::find(std::string name) {
  auto full = co_await catalogue_.full_name(client_, std::move(name));
  if (!full) co_return fail(full.error());
  if (full->empty()) co_return nullptr;
  auto found = co_await read(*std::move(full));
  if (!found) {
    note(found.error());
    co_return nullptr;
  }
  if (*found == nullptr || !may_show((*found)->about)) co_return nullptr;
  co_return *found;
}

net::task<base::result<bool>> redis_store::erase(std::string name) {
  auto there = co_await find(std::move(name));
  if (!there) co_return fail(there.error());
  if (*there == nullptr) co_return false;
  const auto& id = (*there)->about.id;
  // Other gateways have it in memory: a record of its digest reaches them.
  entry::selector only{.digest = id.digest};
  const auto record = co_await purges_.make(client_, std::move(only));
  if (!record) co_return fail(record.error());
  commands what{"DEL", key_of(entry::storage_name(id))};
  const auto said = co_await client_.write(std::move(what));
  if (!said) co_return fail(said.error());
  if (said->front().is(reply_kind::error)) co_return refused(said->front());
  co_return said->front().integer > 0;
}

net::task<base::result<entry::entry_page>> redis_store::list(entry::selector what, std::string cursor,
                                                             std::size_t limit) {
  return catalogue_.list(client_, std::move(what), std::move(cursor), limit);
}

net::task<base::result<std::uint64_t>> redis_store::take_stock() {
  const auto seen = co_await catalogue_.take_stock(client_);
  if (!seen) co_return fail(seen.error());
  const std::lock_guard guard{mutex_};
  stock_ = *seen;
  co_return seen->removed;
}

net::task<base::result<entry::purge_report>> redis_store::purge(entry::selector what) {
  const auto record = co_await purges_.make(client_, what);
  if (!record) {
    // It holds here and now, and is written when the server is back.
    const auto mine = options_.purges->issue(std::move(what), options_.purge_until());
    co_return entry::purge_report{.number = mine.number, .removed = 0};
  }
  const auto removed = co_await take_stock();
  co_return entry::purge_report{.number = record->number, .removed = removed.value_or(0)};
}

void redis_store::add(std::vector<entry::counter_delta> deltas) {
  auto what = counters_.add(deltas);
  if (what.count() > 0) send(std::move(what), nullptr);
}

net::task<base::result<std::vector<entry::counter_delta>>> redis_store::counters(std::int64_t first_day) {
  return counters_.since(client_, first_day);
}

entry::store_status redis_store::status() const {
  asked_ = true;
  const std::lock_guard guard{mutex_};
  entry::store_status now{.kind = "redis", .location = location_};
  now.entries = stock_.entries;
  now.bytes = stock_.bytes;
  now.bytes_by_type = stock_.bytes_by_type;
  now.health = connected_ ? entry::store_health::ready : entry::store_health::down;
  if (fault_) now.detail = fault_->context;
  now.writes_dropped = dropped_.load(std::memory_order_relaxed);
  now.mismatches = mismatches_.load(std::memory_order_relaxed);
  return now;
}

void redis_store::flush() {
  std::unique_lock guard{mutex_};
  changed_.wait_for(guard, flush_patience, [this] { return queued_ == 0; });
}

/// How many keys its database has, ours or not: what is cheap to know. Walking through them all is for `take_stock`.
net::task<> redis_store::count_keys(redis_store* self) {
  commands what{"DBSIZE"};
  const auto said = co_await self->client_.write(std::move(what));
  if (!said || !said->front().is(reply_kind::integer)) co_return;
  const std::lock_guard guard{self->mutex_};
  self->stock_.entries = static_cast<std::uint64_t>(std::max<std::int64_t>(said->front().integer, 0));
}

net::task<> redis_store::keep_house(redis_store* self) {
  for (unsigned turn = 0;; ++turn) {
    co_await net::sleep_for(poll_interval);
    co_await catch_up(self);
    if (turn % turns_per_count == 0 && self->asked_.exchange(false)) co_await count_keys(self);
  }
}

}  // namespace refrain::store
