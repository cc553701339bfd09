#include "redis/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace refrain::redis {
namespace {

using enum fault;
using enum remedy;

/// What a reply that means the fault begins with, and what it holds beside that; empty for any.
struct row {
  std::string_view code;
  std::string_view phrase;
  fault what;
  remedy next;
  std::string_view sentence;
};

constexpr std::string_view needs_password = "Redis asks for a password: set REDIS_PASSWORD or redis://:password@host";
constexpr std::string_view refused_password =
    "Redis refuses the user or the password: set REDIS_PASSWORD (and REDIS_USERNAME, where it has users) or "
    "redis://user:password@host to what its ACL LIST or its provider's page shows";
constexpr std::string_view unasked_password =
    "Redis has no password and was given one: going on without; take it out of REDIS_PASSWORD or the URL";
constexpr std::string_view too_old = "Redis refuses HELLO 3: going on with the older protocol";
constexpr std::string_view over_plan =
    "the hosted Redis has reached a bound of its plan: look at its provider's page, and raise the plan or wait";
constexpr std::string_view too_large_for_plan =
    "the hosted Redis takes no command of this size: lower cache.max_entry, or raise the plan";
constexpr std::string_view too_large_here =
    "Redis takes no command of this size: raise its proto-max-bulk-len and client-query-buffer-limit, or lower "
    "cache.max_entry";
constexpr std::string_view full_of_clients =
    "Redis has as many clients as it takes: lower redis.connections, or raise its maxclients";

/// In this order: of two rows that fit, the first counts.
constexpr std::array rows{
    row{"NOAUTH", "", credentials_missing, wait_for_settings, needs_password},
    row{"ERR", "unauthenticated", credentials_missing, wait_for_settings, needs_password},
    row{"ERR", "operation not permitted", credentials_missing, wait_for_settings, needs_password},
    row{"WRONGPASS", "", credentials_refused, wait_for_settings, refused_password},
    row{"ERR", "invalid password", credentials_refused, wait_for_settings, refused_password},
    row{"ERR", "without any password", password_unasked, drop_password, unasked_password},
    row{"ERR", "no password is set", password_unasked, drop_password, unasked_password},
    row{"DENIED", "", protected_mode, wait_for_settings,
        "Redis is in protected mode and answers its own machine alone: give it a password (requirepass in redis.conf) "
        "and set REDIS_PASSWORD"},
    row{"NOPERM", "", not_permitted, feature_off,
        "Redis' ACL does not allow this user a command or key: give it the rules that the guide lists (ACL SETUSER)"},
    row{"LOADING", "", loading, leave_node, "Redis is reading its data in after a start: it will be back by itself"},
    row{"BUSY", "", busy, leave_node,
        "a script keeps Redis busy: wait, or end it there with SCRIPT KILL or FUNCTION KILL"},
    row{"MASTERDOWN", "", primary_away, leave_node,
        "this Redis is a replica that has lost its primary: bring the primary back, or give the primary's address"},
    row{"NOREPLICAS", "", too_few_replicas, pause_writes,
        "Redis takes no writes with so few replicas: bring them back, or lower min-replicas-to-write"},
    row{"MISCONF", "", cannot_persist, pause_writes,
        "Redis takes no writes because it cannot save to disk: make room there and look at Redis' own log"},
    row{"READONLY", "", read_only, leave_node,
        "this Redis is a replica and takes no writes: give the primary's address, or redis+sentinel:// to follow it"},
    row{"OOM", "", out_of_memory, pause_writes,
        "Redis' memory is full: raise maxmemory, or let it evict with maxmemory-policy allkeys-lru"},
    row{"CLUSTERDOWN", "", cluster_down, leave_node,
        "the Redis Cluster is down or lacks slots: `redis-cli --cluster check HOST:PORT` says what is missing"},
    row{"MOVED", "", moved, follow,
        "this Redis is one node of a Cluster and the key belongs to another, which is not reached from here: let the "
        "nodes "
        "announce addresses that the gateway reaches (cluster-announce-ip, cluster-announce-hostname)"},
    row{"ASK", "", ask, follow, "the key's slot is on its way to another node"},
    row{"TRYAGAIN", "", try_again, ask_again, "the keys of a slot are on their way to another node"},
    row{"CROSSSLOT", "", cross_slot, miss, "one command held keys of several slots: write redis+cluster:// in the URL"},
    row{"ERR", "not allowed in cluster mode", is_cluster, wait_for_settings,
        "this Redis is a node of a Cluster, which has database 0 only: write redis+cluster:// and no number"},
    row{"ERR", "cluster support disabled", is_no_cluster, wait_for_settings,
        "this Redis is no Cluster: write redis:// in place of redis+cluster://"},
    row{"ERR", "max number of clients", too_many_clients, fewer_connections, full_of_clients},
    row{"ERR", "max concurrent connections", too_many_clients, fewer_connections, full_of_clients},
    row{"ERR", "db index is out of range", no_such_database, wait_for_settings,
        "Redis has no database of that number (16, from 0, unless its `databases` says else; hosted plans have 0 "
        "alone): mend REDIS_DB or the end of the URL"},
    row{"ERR", "invalid db index", no_such_database, wait_for_settings,
        "Redis has no such database: mend REDIS_DB or the end of the URL"},
    row{"ERR", "size exceeded", too_large, miss, too_large_for_plan},
    row{"ERR", "quota exceeded", over_quota, pause_writes, over_plan},
    row{"ERR", "limit exceeded", over_quota, leave_node, over_plan},
    row{"ERR", "invalid bulk length", too_large, miss, too_large_here},
    row{"ERR", "invalid multibulk length", too_large, miss, too_large_here},
    row{"ERR", "string exceeds maximum allowed size", too_large, miss, too_large_here},
    row{"NOPROTO", "", no_resp3, speak_resp2, too_old},
    row{"ERR", "unknown command 'hello", no_resp3, speak_resp2, too_old},
    row{"ERR", "unknown command `hello", no_resp3, speak_resp2, too_old},
    row{"ERR", "unknown command 'hget", is_sentinel, wait_for_settings,
        "this is a Sentinel, or hides HGET: write redis+sentinel://host/service for Sentinels"},
    row{"ERR", "unknown command", unknown_command, feature_off,
        "Redis does not know a command: it is older than 6.0, or the command was renamed away"},
    row{"WRONGTYPE", "", wrong_type, miss,
        "a key of ours holds something foreign, which is left alone: set store.prefix"},
    row{"EXECABORT", "", transaction_lost, miss, "Redis dropped a write because it refused a part of it"},
};

constexpr said anything{other, miss, "Redis answered with an error that is none of the known ones"};
constexpr said http{
    speaks_http, wait_for_settings,
    "what answers there is a web server and no Redis: mend the port, and give the redis:// or rediss:// "
    "URL of the database"};
constexpr said tls{
    speaks_tls, wait_for_settings,
    "what answers there takes no plain text, so it may speak TLS: write rediss:// or set REDIS_SSL=true"};

/// Upper case up to the first blank: the part of an error reply that is made for programs.
std::string_view code_of(std::string_view reply) noexcept { return reply.substr(0, reply.find_first_of(" \r\n")); }

bool contains_ignoring_case(std::string_view text, std::string_view phrase) noexcept {
  for (; text.size() >= phrase.size(); text.remove_prefix(1)) {
    if (base::starts_with_ignoring_case(text, phrase)) return true;
    if (text.empty()) break;
  }
  return false;
}

}  // namespace

said judge_error(std::string_view reply) noexcept {
  if (reply.starts_with('-')) reply.remove_prefix(1);
  const auto code = code_of(reply);
  // An unknown command is quoted with its arguments, which may be any text: what it says stands before them.
  const auto message = reply.substr(0, reply.find(", with args"));
  const auto* const found = std::ranges::find_if(rows, [&](const row& one) {
    return one.code == code && (one.phrase.empty() || contains_ignoring_case(message, one.phrase));
  });
  return found == rows.end() ? anything : said{found->what, found->next, found->sentence};
}

std::string sentence_for(std::string_view reply) {
  constexpr std::size_t longest = 120;
  const auto why = judge_error(reply);
  if (why.what != other || reply.empty()) return std::string{why.sentence};
  if (reply.starts_with('-')) reply.remove_prefix(1);
  reply = reply.substr(0, std::min(reply.find("with args"), reply.find_first_of("\r\n")));
  return fmt::format("{}, '{}': look at its own log, or at that of the proxy before it", why.sentence,
                     base::shorten(base::trim(reply), longest));
}

std::string sentence_for(fault what, const login& given) {
  if (given.origin.empty()) return std::string{what == credentials_missing ? needs_password : refused_password};
  if (given.password.empty()) {
    return fmt::format("Redis asks for a password, which the URL from {} lacks: write it there, redis://:password@host",
                       given.origin);
  }
  return fmt::format(
      "Redis refuses the user {} with the password from {}: correct them to what its ACL LIST or its provider's page "
      "shows",
      given.user.empty() ? "default" : base::shorten(given.user, 64), given.origin);
}

base::error to_error(std::string_view reply) {
  const auto why = judge_error(reply);
  const auto code = why.what == too_many_clients ? base::errc::overloaded : base::errc::store_unavailable;
  return {code, sentence_for(reply), why.next != wait_for_settings};
}

said judge_greeting(std::string_view first_bytes) noexcept {
  static constexpr std::string_view tls_alert = "\x15\x03";  // RFC 8446, section 5.1: alert, version 3.x
  if (first_bytes.empty() || first_bytes.starts_with(tls_alert)) return tls;
  if (first_bytes.starts_with("HTTP/")) return http;
  if (first_bytes.starts_with('-')) return judge_error(first_bytes);
  return anything;
}

}  // namespace refrain::redis
