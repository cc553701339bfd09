#include "redis/diagnosis_connection.h"

#include <fmt/format.h>

#include <array>

#include "redis/connection_faults.h"
#include "redis/faults.h"

namespace refrain::redis {
namespace {

using base::errc;
using base::fail;
using opened = base::result<std::shared_ptr<link>>;

const base::error done{errc::closed, "the look is over"};

/// What a place says to a line of plain text that any Redis answers; empty where it closes without a word. The blank
/// line after it makes a web server speak too.
net::task<base::result<std::string>> first_bytes(net::loop& home, net::destination where) {
  auto stream = co_await net::dial(home, where);
  if (!stream) co_return fail(stream.error());
  (*stream)->limit(where.limit);
  static constexpr std::array<std::string_view, 1> ping{"PING\r\n\r\n"};
  const auto sent = co_await (*stream)->write(ping);
  if (!sent) co_return std::string{};
  std::array<char, 512> some{};
  const auto count = co_await (*stream)->read_some(some);
  if ((*stream)->timed_out()) co_return fail(errc::upstream_timeout, "it says nothing");
  co_return std::string(some.data(), count.value_or(0));
}

/// Whether it shakes hands in TLS, with whatever certificate.
net::task<bool> speaks_tls(net::loop& home, net::destination where) {
  const auto any = net::tls_context::for_clients({.verify = false});
  if (!any) co_return false;
  auto stream = co_await net::dial(home, where);
  if (!stream) co_return false;
  const auto shaken = co_await net::start_tls(**stream, *any, where.host, where.limit);
  // A server that wants a certificate of ours may say so before the end of it.
  co_return shaken || shaken.error().context.contains("alert");
}

/// It was spoken to in plain text, and what came was no answer.
net::task<finding> explain_plain(net::loop& home, link_options options, base::error why, std::string what) {
  const auto place = options.where.to_string();
  const auto bytes = co_await first_bytes(home, options.where);
  if (!bytes) co_return explain(why, std::move(what), place);
  if (bytes->starts_with("HTTP/") || bytes->starts_with('-')) {
    co_return from_sentence(std::move(what), condition::fault, place, judge_greeting(*bytes).sentence);
  }
  const bool tls = co_await speaks_tls(home, options.where);
  if (tls) {
    co_return finding{.check = std::move(what),
                      .what = condition::fault,
                      .text = fmt::format("{} speaks TLS and was spoken to in plain text", place),
                      .remedy = "write rediss:// in place of redis://, or set REDIS_SSL=true"};
  }
  if (bytes->empty() || bytes->starts_with('+')) co_return explain(why, std::move(what), place);
  co_return finding{.check = std::move(what),
                    .what = condition::fault,
                    .text = fmt::format("what answers at {} is no Redis", place),
                    .remedy = "mend host and port: Redis listens on 6379 unless its `port` says else"};
}

/// The TLS handshake failed in a way that a port without TLS may cause.
net::task<finding> explain_tls(net::loop& home, link_options options, base::error why, std::string what) {
  const auto place = options.where.to_string();
  const auto bytes = co_await first_bytes(home, options.where);
  if (bytes && bytes->starts_with("HTTP/")) {
    co_return from_sentence(std::move(what), condition::fault, place, judge_greeting(*bytes).sentence);
  }
  if (!bytes || !(bytes->starts_with('+') || bytes->starts_with('-'))) co_return explain(why, std::move(what), place);
  co_return finding{.check = std::move(what),
                    .what = condition::fault,
                    .text = fmt::format("{} speaks plain text and was spoken to by TLS", place),
                    .remedy =
                        "write redis:// in place of rediss:// or leave REDIS_SSL out; or let Redis listen for TLS "
                        "(tls-port) and give that port"};
}

/// HELLO, AUTH and PING are asked for without a right, or go without an answer.
finding select_refused(std::string what, const net::destination& where, const credentials& who) {
  const auto user = who.user.empty() ? "default" : who.user;
  return {.check = std::move(what),
          .what = condition::fault,
          .text = fmt::format("{}: the user {} may not choose database {}", where.to_string(), user, who.database),
          .remedy = fmt::format("ACL SETUSER {} +select, or use database 0", user)};
}

net::task<finding> find_reason(net::loop& home, link_options options, base::error why, std::string what) {
  if (why.context == judge_error("NOPERM").sentence && options.who.database != 0) {
    co_return select_refused(std::move(what), options.where, options.who);
  }
  if (why.code == errc::store_unavailable) {
    co_return from_sentence(std::move(what), condition::fault, options.where.to_string(), why.context);
  }
  const bool strange = why.code == errc::closed || why.code == errc::upstream_protocol;
  if (!options.tls && strange) {
    co_return co_await explain_plain(home, std::move(options), std::move(why), std::move(what));
  }
  if (options.tls && may_be_no_tls(why)) {
    co_return co_await explain_tls(home, std::move(options), std::move(why), std::move(what));
  }
  co_return explain(why, std::move(what), options.where.to_string());
}

bool was_refused_with(const opened& fresh, std::string_view reply) {
  return !fresh && fresh.error().context == judge_error(reply).sentence;
}

link_options without_credentials(link_options options) {
  options.who = {.user = {}, .password = {}, .database = options.who.database};
  return options;
}

finding password_without_use(std::string what, std::string_view place) {
  return {.check = std::move(what),
          .what = condition::warning,
          .text = fmt::format("{} was given a password and lets in whoever has none", place),
          .remedy =
              "give Redis one (requirepass, or ACL SETUSER default off), or take ours out of REDIS_PASSWORD or the "
              "URL"};
}

}  // namespace

net::task<visit> knock(net::loop& home, link_options options, std::string what) {
  visit made;
  const auto place = options.where.to_string();
  auto fresh = co_await link::open(home, options);
  const bool unasked = was_refused_with(fresh, "ERR AUTH called without any password");
  if (!options.who.password.empty() && (fresh || unasked)) {
    auto anyone = co_await link::open(home, without_credentials(options));
    if (anyone) made.seen.push_back(password_without_use(what, place));
    if (anyone && unasked) {
      fresh = std::move(anyone);
    } else if (anyone) {
      (*anyone)->close(done);
    }
  }
  // A Sentinel knows no SELECT, which is no reason to take it for an old Redis.
  if (was_refused_with(fresh, "ERR unknown command") && options.who.database != 0) {
    options.who.database = 0;
    fresh = co_await link::open(home, options);
  }
  if (fresh) {
    made.over = *std::move(fresh);
  } else {
    made.seen.push_back(co_await find_reason(home, std::move(options), fresh.error(), std::move(what)));
  }
  co_return made;
}

}  // namespace refrain::redis
