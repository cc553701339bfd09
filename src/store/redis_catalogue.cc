#include "store/redis_catalogue.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "store/redis_value.h"

namespace refrain::store {
namespace {

using base::errc;
using base::fail;
using redis::commands;
using redis::reply_kind;

/// A listing's cursor: the server's own, and how many of its page have been shown.
struct list_cursor {
  std::string server = "0";
  std::size_t shown = 0;

  static std::optional<list_cursor> read(std::string_view text) {
    if (text.empty()) return list_cursor{};
    const auto dash = text.find('-');
    if (dash == std::string_view::npos || dash == 0) return std::nullopt;
    list_cursor at{.server = std::string{text.substr(0, dash)}};
    if (at.server.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    const auto* const end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data() + dash + 1, end, at.shown);
    if (fault != std::errc{} || stop != end) return std::nullopt;
    return at;
  }
  [[nodiscard]] std::string text() const { return fmt::format("{}-{}", server, shown); }
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

bool redis_catalogue::may_show(const entry::meta& about) const {
  const auto now = options_.clock->seconds();
  return now < about.stored_at + about.ttl + options_.keep_stale && !options_.purges->dead(about);
}

net::task<base::result<redis_catalogue::scanned>> redis_catalogue::scan(redis::client& server, std::string pattern,
                                                                        std::string cursor, std::size_t count) const {
  commands what{"SCAN", cursor, "MATCH", pattern, "COUNT", std::to_string(count), "TYPE", "hash"};
  const auto said = co_await server.write(std::move(what));
  if (!said) co_return fail(said.error());
  const auto& page = said->front();
  if (page.is(reply_kind::error) || page.items.size() != 2) co_return fail(errc::store_unavailable, page.text, true);

  scanned all{.next = page.items[0].text, .found = {}};
  std::vector<std::string> keys;
  commands metas;
  for (const auto& key : page.items[1].items) {
    if (!digest_in_key(std::string_view{key.text}.substr(options_.prefix.size()))) continue;
    keys.push_back(key.text);
    metas.add({"HGET", key.text, "meta"});
  }
  if (keys.empty()) co_return all;
  const auto told = co_await server.write(std::move(metas));
  if (!told) co_return fail(told.error());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!(*told)[i].is(reply_kind::bytes)) continue;
    auto name = keys[i].substr(options_.prefix.size());
    auto about = read_redis_meta(name, (*told)[i].text, options_.sealer);
    if (about) all.found.emplace_back(std::move(keys[i]), *std::move(about));
  }
  co_return all;
}

net::task<base::result<entry::entry_page>> redis_catalogue::list(redis::client& server, entry::selector what,
                                                                 std::string cursor, std::size_t limit) const {
  auto at = list_cursor::read(cursor);
  if (!at) co_return fail(errc::bad_usage, "this is no cursor of a listing");
  entry::entry_page page;
  while (page.entries.size() < limit) {
    auto pattern = match_exactly(options_.prefix) + "*";
    auto some = co_await scan(server, std::move(pattern), at->server, 100);
    if (!some) co_return fail(some.error());
    for (; at->shown < some->found.size() && page.entries.size() < limit; ++at->shown) {
      auto& about = some->found[at->shown].second;
      if (may_show(about) && entry::matches(what, about)) page.entries.push_back(std::move(about));
    }
    if (at->shown < some->found.size()) break;
    *at = {.server = some->next};
    if (at->server == "0") co_return page;
  }
  page.next = at->text();
  co_return page;
}

/// The name that an entry has in the store, from a name or a digest in hex; empty where there is none.
net::task<base::result<std::string>> redis_catalogue::full_name(redis::client& server, std::string name) const {
  if (name.contains(':')) co_return digest_in_key(name) ? name : std::string{};
  const auto digest = base::digest256::from_hex(name);
  if (!digest) co_return std::string{};
  std::string cursor = "0";
  do {
    auto pattern = match_exactly(options_.prefix) + "*" + digest->hex() + "*";
    auto some = co_await scan(server, std::move(pattern), cursor, 1000);
    if (!some) co_return fail(some.error());
    for (const auto& [key, about] : some->found) {
      if (about.id.digest == *digest) co_return entry::storage_name(about.id);
    }
    cursor = some->next;
  } while (cursor != "0");
  co_return std::string{};
}

net::task<base::result<redis_stock>> redis_catalogue::take_stock(redis::client& server) const {
  redis_stock seen;
  std::string cursor = "0";
  do {
    auto pattern = match_exactly(options_.prefix) + "*";
    auto some = co_await scan(server, std::move(pattern), cursor, 500);
    if (!some) co_return fail(some.error());
    commands kill;
    for (const auto& [key, about] : some->found) {
      if (options_.purges->dead(about)) {
        kill.add({"DEL", key});
        continue;
      }
      ++seen.entries;
      seen.bytes += about.size;
      seen.bytes_by_type[static_cast<std::size_t>(about.id.type)] += about.size;
    }
    if (kill.count() > 0) {
      const auto said = co_await server.write(std::move(kill));
      if (!said) co_return fail(said.error());
      for (const auto& one : *said) seen.removed += one.integer > 0 ? 1 : 0;
    }
    cursor = some->next;
  } while (cursor != "0");
  co_return seen;
}

}  // namespace refrain::store
