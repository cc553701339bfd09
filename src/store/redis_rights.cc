#include "store/redis_rights.h"

#include <fmt/format.h>

#include "entry/entry.h"
#include "store/redis_catalogue.h"

namespace refrain::store {
namespace {

using redis::right;
using redis::topology;

/// Where a trial's own DEL is refused, its key is gone after this long, in ms.
constexpr std::string_view trial_life = "60000";

/// Allows all keys that begin so, in the words of an ACL.
std::string key_rule(std::string_view stem) { return fmt::format("~{}*", match_exactly(stem)); }

void add_family(std::vector<right>& all, std::string_view prefix, std::string_view family, std::string_view probe) {
  // Where all below a prefix is ours, one rule says so.
  auto rule = key_rule(prefix.empty() ? fmt::format("{}:", family) : std::string{prefix});
  all.push_back({std::move(rule), {"HMGET", fmt::format("{}{}:doctor:{}", prefix, family, probe), "meta"}});
}

void add_keys(std::vector<right>& all, std::string_view prefix, std::string_view probe) {
  for (std::int64_t i = 0; i < entry::cache_type_count; ++i) {
    add_family(all, prefix, entry::to_string(static_cast<entry::cache_type>(i)), probe);
  }
  add_family(all, prefix, "refrain", probe);
}

/// Hashes are entries and counters, the sorted set holds purge records, the number counts them.
void add_commands(std::vector<right>& all, const std::string& key) {
  all.push_back({"+hmget", {"HMGET", key, "meta", "body"}});
  all.push_back({"+hget", {"HGET", key, "meta"}});
  all.push_back({"+hgetall", {"HGETALL", key}});
  all.push_back({"+hset", {"HSET", key, "meta", "doctor"}});
  all.push_back({"+hsetnx", {"HSETNX", key, "meta", "doctor"}});
  all.push_back({"+hincrby", {"HINCRBY", key, "count", "0"}});
  all.push_back({"+pexpire", {"PEXPIRE", key, std::string{trial_life}}});
  all.push_back({"+del", {"DEL", key}});
  all.push_back({"+incrby", {"INCRBY", key, "0"}});
  all.push_back({"+pexpire", {"PEXPIRE", key, std::string{trial_life}}});
  all.push_back({"+get", {"GET", key}});
  all.push_back({"+del", {"DEL", key}});
  all.push_back({"+zadd", {"ZADD", key, "XX", "1", "doctor"}});
  all.push_back({"+zrange", {"ZRANGE", key, "0", "-1"}});
  all.push_back({"+zrem", {"ZREM", key, "doctor"}});
  all.push_back({"+multi", {"MULTI"}});
  all.push_back({"+exec", {"EXEC"}});
  all.push_back({"+scan", {"SCAN", "0", "MATCH", key, "COUNT", "1", "TYPE", "hash"}});
  all.push_back({"+dbsize", {"DBSIZE"}});
  all.push_back({"+ping", {"PING"}});
  all.push_back({.rule = "+info", .trial = {"INFO", "server"}, .needed = false});
  all.push_back({.rule = "+client|tracking", .trial = {"CLIENT", "TRACKING", "OFF"}, .needed = false});
}

}  // namespace

std::string redis_probe_key(std::string_view prefix, std::string_view probe) {
  return fmt::format("{}refrain:doctor:{}", prefix, probe);
}

std::vector<right> redis_rights(const redis::address& there, std::string_view prefix, std::string_view probe) {
  std::vector<right> all;
  add_keys(all, prefix, probe);
  add_commands(all, redis_probe_key(prefix, probe));
  if (there.kind == topology::cluster) {
    all.push_back({"+cluster|slots", {"CLUSTER", "SLOTS"}});
    all.push_back({"+cluster|info", {"CLUSTER", "INFO"}});
    all.push_back({"+asking", {"ASKING"}});
  }
  if (there.data_login.database != 0) all.push_back({"+select", {"SELECT", std::to_string(there.data_login.database)}});
  if (there.kind == topology::sentinel) all.push_back({"+role", {"ROLE"}});
  return all;
}

}  // namespace refrain::store
