#include "store/redis_counters.h"

#include <fmt/format.h>

#include <cstdlib>
#include <map>

#include "store/redis_catalogue.h"

namespace refrain::store {
namespace {

using base::errc;
using base::fail;
using redis::commands;

constexpr std::string_view counters_stem = "refrain:counters:";
constexpr std::string_view counter_names = "refrain:counter_names";

entry::seal_place name_place(std::string_view veiled) {
  return {.part = entry::sealed_part::record, .owner = "counters", .piece = veiled};
}

}  // namespace

void redis_counters::add(entry::counter_deltas deltas) {
  std::map<std::int64_t, commands> days;
  commands names;
  for (const auto& one : deltas) {
    const auto key = options_.key_of(fmt::format("{}{}", counters_stem, one.day));
    const auto field = options_.sealer.veil(one.name);
    days[one.day].add({"HINCRBY", key, field, std::to_string(one.amount)});
    if (!options_.sealer.seals()) continue;
    const auto sealed = options_.sealer.seal(name_place(field), one.name);
    names.add({"HSETNX", options_.key_of(counter_names), field, sealed});
  }
  // Adding is not to be repeated: all or nothing.
  for (auto& [day, request] : days) writer_.send(writer_.at_once(std::move(request)));
  if (names.count() > 0) writer_.send(std::move(names));
}

net::task<base::result<std::unordered_map<std::string, std::string>>> redis_counters::names() const {
  std::unordered_map<std::string, std::string> names;
  if (!options_.sealer.seals()) co_return names;
  commands request{"HGETALL", options_.key_of(counter_names)};
  const auto said = co_await servers_.call(redis::use::bulk, std::move(request));
  if (!said) co_return fail(said.error());
  const auto& fields = said->front().items;
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    auto name = options_.sealer.open(name_place(fields[i].text), fields[i + 1].text);
    if (name) names.emplace(fields[i].text, *std::move(name));
  }
  co_return names;
}

net::task<base::result<std::vector<std::string>>> redis_counters::keys(std::size_t server) const {
  std::vector<std::string> found;
  std::string cursor = "0";
  do {
    commands request{"SCAN",  cursor, "MATCH", match_exactly(options_.prefix) + std::string{counters_stem} + "*",
                     "COUNT", "1000"};
    auto said = co_await servers_.call_at(server, redis::use::bulk, std::move(request));
    if (!said) co_return fail(said.error());
    if (said->front().items.size() != 2) co_return fail(errc::store_unavailable, said->front().text, true);
    cursor = said->front().items[0].text;
    for (auto& key : said->front().items[1].items) found.push_back(std::move(key.text));
  } while (cursor != "0");
  co_return found;
}

net::task<base::result<entry::counter_deltas>> redis_counters::since(std::int64_t first_day) {
  const auto known_names = co_await names();
  if (!known_names) co_return fail(known_names.error());
  const auto stem = options_.prefix.size() + counters_stem.size();
  entry::counter_deltas found;
  for (std::size_t server = 0; server < servers_.servers(); ++server) {
    const auto there = co_await keys(server);
    if (!there) co_return fail(there.error());
    for (const auto& key : *there) {
      const auto day = std::strtoll(key.c_str() + stem, nullptr, 10);
      if (day < first_day) continue;
      commands whole{"HGETALL", key};
      const auto told = co_await servers_.call_at(server, redis::use::bulk, std::move(whole));
      if (!told) co_return fail(told.error());
      const auto& fields = told->front().items;
      for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
        const auto known = known_names->find(fields[i].text);
        if (options_.sealer.seals() && known == known_names->end()) continue;
        found.push_back({.day = day,
                         .name = known == known_names->end() ? fields[i].text : known->second,
                         .amount = std::strtoll(fields[i + 1].text.c_str(), nullptr, 10)});
      }
    }
  }
  co_return entry::summed(std::move(found));
}

}  // namespace refrain::store
