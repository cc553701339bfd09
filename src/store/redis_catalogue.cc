#include "store/redis_catalogue.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "base/text.h"
#include "redis/server_facts.h"
#include "store/redis_answer.h"
#include "store/redis_value.h"

namespace refrain::store {
namespace {

using base::errc;
using base::fail;
using redis::commands;
using redis::reply_kind;
using redis::use;

constexpr std::chrono::seconds measure_interval{10};
/// Between looks whether the servers are there.
constexpr std::chrono::seconds await_interval{1};

/// Where a walk is: at which server, that server's own cursor, and how many of its page have been shown.
struct walk {
  std::size_t server = 0;
  std::string cursor = "0";
  std::size_t shown = 0;

  /// Three numbers, with dashes between them.
  static std::optional<walk> read(std::string_view text) {
    if (text.empty()) return walk{};
    const auto parts = base::split(text, '-');
    if (parts.size() != 3 || !base::to_integer<std::uint64_t>(parts[1])) return std::nullopt;
    const auto server = base::to_integer<std::size_t>(parts[0]);
    const auto shown = base::to_integer<std::size_t>(parts[2]);
    if (!server || !shown) return std::nullopt;
    return walk{.server = *server, .cursor = std::string{parts[1]}, .shown = *shown};
  }
  [[nodiscard]] std::string text() const { return fmt::format("{}-{}-{}", server, cursor, shown); }

  /// Goes on behind a page after which the server is at `next`.
  void turn_to(std::string next) {
    shown = 0;
    if (next == "0") ++server;
    cursor = std::move(next);
  }
};

}  // namespace

std::string match_exactly(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view{"*?[]\\^"}.contains(c)) pattern.push_back('\\');
    pattern.push_back(c);
  }
  return pattern;
}

net::task<base::result<redis_catalogue::scanned>> redis_catalogue::scan(std::size_t server, std::string pattern,
                                                                        std::string cursor, std::size_t count) const {
  commands request{"SCAN", cursor, "MATCH", pattern, "COUNT", std::to_string(count), "TYPE", "hash"};
  auto said = co_await servers_.call_at(server, use::bulk, std::move(request));
  const auto page = only_reply(std::move(said));
  if (!page) co_return fail(page.error());
  if (page->items.size() != 2) co_return fail(errc::store_unavailable, page->text, true);

  scanned seen{.next = page->items[0].text, .found = {}};
  std::vector<std::string> keys;
  commands metas;
  for (const auto& key : page->items[1].items) {
    if (!digest_in_key(std::string_view{key.text}.substr(options_.prefix.size()))) continue;
    keys.push_back(key.text);
    metas.add({"HGET", key.text, "meta"});
  }
  if (keys.empty()) co_return seen;
  auto told = co_await servers_.call_at(server, use::bulk, std::move(metas));
  if (!told) co_return fail(told.error());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!(*told)[i].is(reply_kind::bytes)) continue;
    const auto name = std::string_view{keys[i]}.substr(options_.prefix.size());
    auto about = read_redis_meta(name, std::move((*told)[i].text), options_.sealer);
    if (about) {
      seen.found.emplace_back(std::move(keys[i]), *std::move(about));
    } else if (about.error().code == errc::sealed_by_another_secret) {
      check_.warn_of_another_secret();
    }
  }
  co_return seen;
}

net::task<base::result<entry::entry_page>> redis_catalogue::list(entry::selector wanted, std::string cursor,
                                                                 std::size_t limit) {
  auto at = walk::read(cursor);
  if (!at) co_return fail(errc::bad_usage, "this is no cursor of a listing");
  entry::entry_page page;
  while (page.entries.size() < limit && at->server < servers_.servers()) {
    auto pattern = match_exactly(options_.prefix) + "*";
    auto some = co_await scan(at->server, std::move(pattern), at->cursor, 100);
    if (!some) co_return fail(some.error());
    for (; at->shown < some->found.size() && page.entries.size() < limit; ++at->shown) {
      auto& about = some->found[at->shown].second;
      if (options_.may_show(about) && entry::matches(wanted, about)) page.entries.push_back(std::move(about));
    }
    if (at->shown < some->found.size()) break;
    at->turn_to(std::move(some->next));
  }
  if (at->server < servers_.servers()) page.next = at->text();
  co_return page;
}

net::task<base::result<std::optional<entry::entry_id>>> redis_catalogue::identify(std::string name) const {
  if (name.contains(':')) co_return co_await identify_named(std::move(name));
  const auto digest = base::digest256::from_hex(name);
  if (!digest) co_return std::nullopt;
  for (walk at; at.server < servers_.servers();) {
    auto pattern = match_exactly(options_.prefix) + "*" + digest->hex() + "*";
    auto some = co_await scan(at.server, std::move(pattern), at.cursor, 1000);
    if (!some) co_return fail(some.error());
    for (const auto& [key, about] : some->found) {
      if (about.id.digest == *digest) co_return about.id;
    }
    at.turn_to(std::move(some->next));
  }
  co_return std::nullopt;
}

net::task<base::result<std::optional<entry::entry_id>>> redis_catalogue::identify_named(std::string name) const {
  if (!digest_in_key(name)) co_return std::nullopt;
  commands request{"HGET", options_.key_of(name), "meta"};
  auto said = co_await servers_.call(use::bulk, std::move(request));
  if (!said) co_return fail(said.error());
  if (!said->front().is(reply_kind::bytes)) co_return std::nullopt;
  const auto about = read_redis_meta(name, std::move(said->front().text), options_.sealer);
  if (!about) co_return fail(about.error());
  co_return about->id;
}

net::task<base::result<entry::entry_ptr>> redis_catalogue::find(std::string name) {
  const auto id = co_await identify(std::move(name));
  if (!id) co_return check_.as_miss(id.error());
  if (!*id) co_return nullptr;
  co_return co_await entries_.get(**id);
}

net::task<base::result<bool>> redis_catalogue::erase(std::string name) {
  auto there = co_await find(std::move(name));
  if (!there) co_return fail(there.error());
  if (*there == nullptr) co_return false;
  const auto& id = (*there)->about.id;
  // Other gateways have it in memory: a record of its digest reaches them.
  entry::selector only{.digest = id.digest};
  const auto record = co_await watch_.purges().make(servers_, std::move(only));
  if (!record) co_return fail(record.error());
  commands request{"DEL", options_.key_of(entry::storage_name(id))};
  auto said = co_await servers_.call(use::write, std::move(request));
  const auto removed = only_reply(std::move(said));
  if (!removed) co_return fail(removed.error());
  co_return removed->integer > 0;
}

net::task<base::result<entry::purge_report>> redis_catalogue::purge(entry::selector wanted) {
  const auto record = co_await watch_.purges().make(servers_, wanted);
  if (!record) {
    // It holds here and now, and is written when the server is back.
    const auto mine = options_.purges->issue(std::move(wanted), options_.purge_until());
    co_return entry::purge_report{.number = mine.number, .removed = 0};
  }
  const auto removed = co_await sweep();
  co_return entry::purge_report{.number = record->number, .removed = removed.value_or(0)};
}

net::task<base::result<std::uint64_t>> redis_catalogue::sweep() {
  std::uint64_t removed = 0;
  for (walk at; at.server < servers_.servers();) {
    auto pattern = match_exactly(options_.prefix) + "*";
    auto some = co_await scan(at.server, std::move(pattern), at.cursor, 500);
    if (!some) co_return fail(some.error());
    commands kill;
    for (const auto& [key, about] : some->found) {
      if (options_.purges->dead(about)) kill.add({"DEL", key});
    }
    if (kill.count() > 0) {
      const auto said = co_await servers_.call_at(at.server, use::write, std::move(kill));
      if (!said) co_return fail(said.error());
      for (const auto& one : *said) removed += one.integer > 0 ? 1 : 0;
    }
    at.turn_to(std::move(some->next));
  }
  expect_change();
  co_return removed;
}

/// One more server's answers to DBSIZE and INFO. What one of them does not tell is not known of all.
void redis_catalogue::measures::add(const redis::replies& said) {
  const auto sum = [](std::optional<std::uint64_t>& all, std::optional<std::uint64_t> more) {
    all = all && more ? std::optional{*all + *more} : std::nullopt;
  };
  const bool counts = said && said->front().is(reply_kind::integer);
  sum(entries, counts ? std::optional{static_cast<std::uint64_t>(said->front().integer)} : std::nullopt);
  const std::string_view told = said && !said->back().is(reply_kind::error) ? said->back().text : std::string_view{};
  const auto number = [told](std::string_view name) {
    return base::to_integer<std::uint64_t>(redis::field_of(told, name));
  };
  const auto bound = number("maxmemory");
  sum(bytes, number("used_memory"));
  sum(max_bytes, bound == 0 ? std::nullopt : bound);
  sum(evictions, number("evicted_keys"));
}

net::task<> redis_catalogue::measure() {
  measures all{.entries = 0, .bytes = 0, .max_bytes = 0, .evictions = 0};
  if (!watch_.is_up()) co_return;
  for (std::size_t server = 0; server < servers_.servers(); ++server) {
    commands request{"DBSIZE"};
    request.add({"INFO"});
    const auto said = co_await servers_.call_at(server, use::bulk, std::move(request));
    all.add(said);
  }
  const std::lock_guard guard{mutex_};
  measured_ = all;
}

void redis_catalogue::describe(entry::store_status& status) const {
  asked_ = true;
  const std::lock_guard guard{mutex_};
  if (!measured_ || !watch_.is_up()) return;
  status.entries = measured_->entries;
  status.bytes = measured_->bytes;
  status.max_bytes = measured_->max_bytes;
  status.evictions = measured_->evictions;
}

/// Under another secret keys have other names, so that nobody would ever ask for what is there.
net::task<> redis_catalogue::look_for_other_secrets() const {
  for (std::size_t server = 0; server < servers_.servers(); ++server) {
    auto pattern = match_exactly(options_.prefix) + "*";
    static_cast<void>(co_await scan(server, std::move(pattern), std::string{"0"}, 100));
  }
}

net::task<> redis_catalogue::keep_measuring(redis_catalogue* self) {
  bool looked = false;
  while (true) {
    if (!self->watch_.is_up()) {
      co_await net::sleep_for(await_interval);
      continue;
    }
    if (!std::exchange(looked, true)) co_await self->look_for_other_secrets();
    if (self->asked_.exchange(false)) co_await self->measure();
    co_await net::sleep_for(measure_interval);
  }
}

}  // namespace refrain::store
