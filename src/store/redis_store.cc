#include "store/redis_store.h"

#include <algorithm>
#include <charconv>

#include "store/redis_answer.h"
#include "store/redis_value.h"

namespace refrain::store {
namespace {

using base::errc;
using base::fail;
using redis::commands;
using redis::reply;
using redis::reply_kind;
using redis::use;

constexpr std::size_t pieces_at_once = 4;

/// Whether the key holds another kind of value, which is not ours.
bool is_foreign(const reply& said) { return said.error_class() == "WRONGTYPE"; }

}  // namespace

redis_store::redis_store(redis::client_options servers, std::string location, store_options options,
                         std::shared_ptr<near_cache> near)
    : options_(std::move(options)),
      watch_(options_, std::move(location), std::move(near)),
      client_(wired(std::move(servers))) {
  net::spawn(client_.home().get_executor(), redis_watch::keep(&watch_, &client_));
  net::spawn(client_.home().get_executor(), redis_catalogue::keep_measuring(&catalogue_));
}

// What is queued is written, or has failed by its deadline, before the client goes.
redis_store::~redis_store() { writer_.flush(); }

redis::client_options redis_store::wired(redis::client_options servers) {
  watch_.take_trials({.wanted = [this] { return writer_.wants_trial(); },
                      .make =
                          [this](std::string key) {
                            net::spawn(client_.home().get_executor(), redis_writer::try_out(&writer_, std::move(key)));
                          }});
  servers.node.opening = watch_.opening();
  servers.node.on_push = [this](const reply& pushed) { watch_.on_push(client_, pushed); };
  servers.report = [this](const redis::client_state& now) { watch_.on_state(client_, now); };
  return servers;
}

net::task<base::result<std::vector<std::string>>> redis_store::read_pieces(entry::meta about, std::size_t count) {
  const auto key = options_.key_of(entry::storage_name(about.id));
  std::vector<std::string> pieces;
  while (pieces.size() < count) {
    // Bytes may be anyone's: the meta beside them says whose they are.
    std::vector<std::string> words{"HMGET", key, std::string{redis_head[0]}};
    for (auto i = pieces.size(); i < std::min(count, pieces.size() + pieces_at_once); ++i) {
      words.push_back(redis_piece_name(about, i));
    }
    commands request;
    request.add(words);
    auto said = co_await client_.call(use::bulk, std::move(request));
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
  const auto key = options_.key_of(name);
  commands request{"HMGET", key, redis_head[0], redis_head[1], redis_head[2], redis_head[3]};
  auto said = co_await client_.call(use::read, std::move(request));
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

net::task<base::result<entry::entry_ptr>> redis_store::get(entry::entry_id id) {
  auto found = writer_.waiting(id.digest);
  if (found == nullptr) {
    if (!watch_.may_serve()) co_return fail(errc::store_unavailable, "Redis is away", true);
    auto read_there = co_await read(id);
    if (!read_there) {
      const auto& why = read_there.error();
      if (why.code == errc::store_mismatch) {
        client_.distrust(use::read, options_.key_of(entry::storage_name(id)));
      }
      co_return check_.as_miss(why);
    }
    found = *std::move(read_there);
  }
  co_return check_.pass(id, std::move(found));
}

bool redis_store::write(entry::entry_ptr fresh) {
  catalogue_.expect_change();
  const auto name = entry::storage_name(fresh->about.id);
  if (occupied_.has(name)) {
    writer_.drop();
    return false;
  }
  if (fresh->about.size > options_.entry_cap.value) {
    writer_.send(removal_of(name));
    return false;
  }
  return writer_.send(fresh, [this, fresh] { return commands_for(*fresh); });
}

commands redis_store::removal_of(std::string_view name) const { return {"DEL", options_.key_of(name)}; }

commands redis_store::commands_for(const entry::entry& fresh) const {
  const auto& about = fresh.about;
  const auto name = entry::storage_name(about.id);
  const auto fields = to_redis_fields(fresh, options_.sealer);
  // No older one may stay in its place.
  if (!fields) return removal_of(name);
  const auto key = options_.key_of(name);
  // Counted from when it was stored: it may come from another store.
  const auto left = about.stored_at + about.ttl + options_.keep_stale - options_.clock->seconds();
  const auto kept = std::max(std::chrono::milliseconds{left}, std::chrono::milliseconds{1});
  std::vector<std::string_view> words{"HSET", key};
  for (const auto& [field, value] : *fields) words.insert(words.end(), {field, value});
  commands request{"DEL", key};
  request.add(words).add({"PEXPIRE", key, std::to_string(kept.count())});
  return writer_.at_once(std::move(request));
}

entry::store_status redis_store::status() const {
  entry::store_status now{.kind = "redis"};
  watch_.describe(now);
  catalogue_.describe(now);
  if (const auto refusal = writer_.refusal(); !refusal.empty() && now.health == entry::store_health::ready) {
    now.health = entry::store_health::degraded;
    now.detail = refusal;
  }
  now.writes_dropped = writer_.dropped();
  now.mismatches = check_.mismatches();
  return now;
}

}  // namespace refrain::store
