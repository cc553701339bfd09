#include "store/redis_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/log.h"
#include "redis/faults.h"
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
using redis::use;

constexpr auto count_interval = 10s;
constexpr std::size_t pieces_at_once = 4;

std::unexpected<base::error> refused(const reply& said) {
  return fail(errc::store_unavailable, std::string{redis::judge_error(said.text).sentence}, true);
}

/// Whether the key holds another kind of value, which is not ours.
bool is_foreign(const reply& said) { return said.error_class() == "WRONGTYPE"; }

}  // namespace

redis_store::redis_store(redis::client_options servers, std::string location, store_options options,
                         std::shared_ptr<near_cache> near)
    : options_(std::move(options)),
      watch_(options_, std::move(location), std::move(near)),
      writer_(options_),
      catalogue_(options_),
      counters_(options_),
      client_(wired(std::move(servers))) {
  net::spawn(client_.home().get_executor(), redis_watch::keep(&watch_, &client_));
  net::spawn(client_.home().get_executor(), count_keys(this));
}

// What is queued is written, or has failed by its deadline, before the client goes.
redis_store::~redis_store() { writer_.flush(); }

redis::client_options redis_store::wired(redis::client_options servers) {
  servers.node.opening = watch_.opening();
  servers.node.on_push = [this](const reply& pushed) { watch_.hear_push(client_, pushed); };
  servers.report = [this](const redis::client_state& now) { watch_.hear(client_, now); };
  return servers;
}

base::result<void> redis_store::await(std::chrono::milliseconds timeout) { return watch_.await(timeout); }

std::string redis_store::key_of(std::string_view name) const { return options_.prefix + std::string{name}; }

bool redis_store::may_show(const entry::meta& about) const {
  const auto now = options_.clock->seconds();
  return now < about.stored_at + about.ttl + options_.keep_stale && !options_.purges->dead(about);
}

entry::entry_ptr redis_store::peek(const entry::entry_id& /*id*/) { return nullptr; }

void redis_store::touch(const entry::entry_id& /*id*/) {}

net::task<base::result<std::vector<std::string>>> redis_store::read_pieces(entry::meta about, std::size_t count) {
  const auto key = key_of(entry::storage_name(about.id));
  std::vector<std::string> pieces;
  while (pieces.size() < count) {
    // Bytes may be anyone's: the meta beside them says whose they are.
    std::vector<std::string> words{"HMGET", key, std::string{redis_head[0]}};
    for (auto i = pieces.size(); i < std::min(count, pieces.size() + pieces_at_once); ++i) {
      words.push_back(redis_piece_name(about, i));
    }
    const std::vector<std::string_view> views(words.begin(), words.end());
    commands what;
    what.add(views);
    auto said = co_await client_.call(use::bulk, std::move(what));
    if (!said) co_return fail(said.error());
    auto& items = said->front().items;
    if (items.size() + 2 != words.size()) co_return fail(errc::store_mismatch, "pieces were answered with others");
    const auto still = read_redis_meta(about.id, std::move(items.front().text), options_.sealer);
    if (!still) co_return fail(still.error());
    if (still->fill != about.fill) co_return fail(errc::store_corrupt, "a body was replaced while it was read");
    for (auto& one : std::span{items}.subspan(1)) {
      // Replaced, or evicted, since its meta was read.
      if (!one.is(reply_kind::bytes)) co_return fail(errc::store_corrupt, "a piece of a body is missing");
      pieces.push_back(std::move(one.text));
    }
  }
  co_return pieces;
}

net::task<base::result<entry::entry_ptr>> redis_store::read(entry::entry_id id) {
  const auto name = entry::storage_name(id);
  const auto key = key_of(name);
  commands what{"HMGET", key, redis_head[0], redis_head[1], redis_head[2], redis_head[3]};
  auto said = co_await client_.call(use::read, std::move(what));
  if (!said) co_return fail(said.error());
  const auto& first = said->front();
  if (first.is(reply_kind::error) && !is_foreign(first)) co_return refused(first);
  auto& fields = said->front().items;
  const bool has_meta = fields.size() == std::size(redis_head) && fields[0].is(reply_kind::bytes);
  occupied_.note(name, is_foreign(first));
  if (!has_meta) co_return nullptr;
  auto about = read_redis_meta(id, std::move(fields[0].text), options_.sealer);
  if (!about) {
    occupied_.note(name, about.error().code == errc::store_corrupt);
    co_return fail(about.error());
  }
  if (about->size > options_.entry_cap.value) co_return nullptr;

  std::vector<std::string> pieces;
  if (fields[3].is(reply_kind::bytes)) {
    pieces.push_back(std::move(fields[3].text));
  } else {
    std::size_t count = 0;
    std::from_chars(fields[2].text.data(), fields[2].text.data() + fields[2].text.size(), count);
    const auto most = about->size / redis_piece + 1;
    if (count < 2 || count > most) co_return fail(errc::store_corrupt, "a hash has no body");
    auto all = co_await read_pieces(*about, count);
    if (!all) co_return fail(all.error());
    pieces = *std::move(all);
  }
  co_return read_redis_body(*std::move(about), fields[1].text, std::move(pieces), options_.sealer);
}

/// What cannot be read is a miss; an error where the servers gave no answer at all.
base::result<entry::entry_ptr> redis_store::as_miss(const base::error& why) {
  if (why.code == errc::sealed_by_another_secret) {
    if (warned_of_secret_.exchange(true)) return nullptr;
    base::log_warning(
        "the store holds entries sealed under another secret: they count as misses; set security.secret or "
        "security.secret_previous to it");
    return nullptr;
  }
  if (why.code != errc::store_mismatch && why.code != errc::store_corrupt) return fail(why);
  mismatches_.fetch_add(1, std::memory_order_relaxed);
  return nullptr;
}

net::task<base::result<entry::entry_ptr>> redis_store::get(entry::entry_id id) {
  auto found = writer_.waiting(id.digest);
  if (found == nullptr) {
    if (!watch_.may_serve()) co_return fail(errc::store_unavailable, "Redis is away", true);
    auto read_there = co_await read(id);
    if (!read_there) {
      const auto& why = read_there.error();
      if (why.code == errc::store_mismatch) client_.distrust(use::read, key_of(entry::storage_name(id)));
      co_return as_miss(why);
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
  asked_ = true;
  const auto name = entry::storage_name(fresh->about.id);
  if (!watch_.is_up() || occupied_.has(name)) return writer_.drop();
  if (fresh->about.size > options_.entry_cap.value) return writer_.send(client_, removal_of(name));
  writer_.send(client_, std::move(fresh), [this](const entry::entry& one) { return commands_for(one); });
}

commands redis_store::removal_of(std::string_view name) const { return {"DEL", key_of(name)}; }

commands redis_store::commands_for(const entry::entry& fresh) const {
  const auto& about = fresh.about;
  const auto name = entry::storage_name(about.id);
  const auto fields = to_redis_fields(fresh, options_.sealer);
  // No older one may stay in its place.
  if (!fields) return removal_of(name);
  const auto key = key_of(name);
  // Counted from when it was stored: it may come from another store.
  const auto left = about.stored_at + about.ttl + options_.keep_stale - options_.clock->seconds();
  const auto kept = std::max(std::chrono::milliseconds{left}, std::chrono::milliseconds{1});
  std::vector<std::string_view> words{"HSET", key};
  for (const auto& [field, value] : *fields) words.insert(words.end(), {field, value});
  commands what{"MULTI"};
  what.add({"DEL", key}).add(words).add({"PEXPIRE", key, std::to_string(kept.count())}).add({"EXEC"});
  return what;
}

net::task<base::result<entry::entry_ptr>> redis_store::find(std::string name) {
  const auto id = co_await catalogue_.identify(client_, std::move(name));
  if (!id) co_return as_miss(id.error());
  if (!*id) co_return nullptr;
  co_return co_await get(**id);
}

net::task<base::result<bool>> redis_store::erase(std::string name) {
  auto there = co_await find(std::move(name));
  if (!there) co_return fail(there.error());
  if (*there == nullptr) co_return false;
  const auto& id = (*there)->about.id;
  // Other gateways have it in memory: a record of its digest reaches them.
  entry::selector only{.digest = id.digest};
  const auto record = co_await watch_.purges().make(client_, std::move(only));
  if (!record) co_return fail(record.error());
  commands what{"DEL", key_of(entry::storage_name(id))};
  const auto said = co_await client_.call(use::write, std::move(what));
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
  const auto record = co_await watch_.purges().make(client_, what);
  if (!record) {
    // It holds here and now, and is written when the server is back.
    const auto mine = options_.purges->issue(std::move(what), options_.purge_until());
    co_return entry::purge_report{.number = mine.number, .removed = 0};
  }
  const auto removed = co_await take_stock();
  co_return entry::purge_report{.number = record->number, .removed = removed.value_or(0)};
}

void redis_store::add(std::vector<entry::counter_delta> deltas) {
  for (auto& what : counters_.add(deltas)) {
    if (watch_.is_up()) {
      writer_.send(client_, std::move(what));
    } else {
      writer_.drop();
    }
  }
}

net::task<base::result<std::vector<entry::counter_delta>>> redis_store::counters(std::int64_t first_day) {
  return counters_.since(client_, first_day);
}

entry::store_status redis_store::status() const {
  asked_ = true;
  entry::store_status now{.kind = "redis"};
  watch_.describe(now);
  if (const auto refusal = writer_.refusal(); !refusal.empty() && now.health == entry::store_health::ready) {
    now.health = entry::store_health::degraded;
    now.detail = refusal;
  }
  now.writes_dropped = writer_.dropped();
  now.mismatches = mismatches_.load(std::memory_order_relaxed);
  const std::lock_guard guard{mutex_};
  now.entries = stock_.entries;
  now.bytes = stock_.bytes;
  now.bytes_by_type = stock_.bytes_by_type;
  return now;
}

void redis_store::flush() { writer_.flush(); }

/// How many keys the databases have, ours or not: what is cheap to know. Walking through them all is for `take_stock`.
net::task<> redis_store::count_keys(redis_store* self) {
  while (true) {
    if (self->watch_.is_up() && self->asked_.exchange(false)) {
      std::int64_t sum = 0;
      for (std::size_t server = 0; server < self->client_.servers(); ++server) {
        commands what{"DBSIZE"};
        const auto said = co_await self->client_.call_at(server, use::bulk, std::move(what));
        if (said && said->front().is(reply_kind::integer)) sum += said->front().integer;
      }
      const std::lock_guard guard{self->mutex_};
      self->stock_.entries = static_cast<std::uint64_t>(sum);
    }
    co_await net::sleep_for(count_interval);
  }
}

}  // namespace refrain::store
