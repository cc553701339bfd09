#include <fmt/format.h>

#include <array>

#include "redis/diagnosis_parts.h"
#include "redis/faults.h"

namespace refrain::redis {
namespace {

using base::errc;
using base::fail;
using opened = base::result<std::shared_ptr<link>>;

const base::error done{errc::closed, "the look is over"};

/// What a server says to a line of plain text that any Redis answers; empty where it closes without a word. The blank
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
  const auto shaken = co_await net::start_tls(**stream, *any, where, where.limit);
  // A server that wants a certificate of ours may say so before the end of it.
  co_return shaken || shaken.error().context.contains("alert");
}

/// Finds out why a link could not be opened. Lives in the frame that awaits its coroutines.
struct closer_look {
  net::loop& home;
  const link_options& options;
  const base::error& why;
  std::string check;
  std::string place = options.where.to_string();

  [[nodiscard]] finding fault(std::string text, std::string remedy) const {
    return finding::fault(check, std::move(text), std::move(remedy));
  }
  [[nodiscard]] finding from(std::string_view sentence) const {
    return from_sentence(check, condition::fault, place, sentence);
  }

  /// It was spoken to in plain text, and what came was no answer.
  [[nodiscard]] net::task<finding> in_plain_text() const {
    const auto bytes = co_await first_bytes(home, options.where);
    if (!bytes) co_return explain(why, check, place);
    if (bytes->starts_with("HTTP/") || bytes->starts_with('-')) co_return from(judge_greeting(*bytes).sentence);
    const bool tls = co_await speaks_tls(home, options.where);
    if (tls) {
      co_return fault(fmt::format("{} speaks TLS and was spoken to in plain text", place),
                      "write rediss:// in place of redis://, or set REDIS_SSL=true");
    }
    if (bytes->empty() || bytes->starts_with('+')) co_return explain(why, check, place);
    co_return fault(fmt::format("what answers at {} is no Redis", place),
                    "mend host and port: Redis listens on 6379 unless its `port` says else");
  }

  /// The TLS handshake failed in a way that a port without TLS may cause.
  [[nodiscard]] net::task<finding> by_tls() const {
    const auto bytes = co_await first_bytes(home, options.where);
    if (bytes && bytes->starts_with("HTTP/")) co_return from(judge_greeting(*bytes).sentence);
    if (!bytes || !(bytes->starts_with('+') || bytes->starts_with('-'))) co_return explain(why, check, place);
    co_return fault(fmt::format("{} speaks plain text and was spoken to by TLS", place),
                    "write redis:// in place of rediss:// or leave REDIS_SSL out; or let Redis listen for TLS "
                    "(tls-port) and give that port");
  }

  [[nodiscard]] net::task<finding> find_reason() const {
    // HELLO, AUTH and PING need no right, or go without an answer: only SELECT may be refused so.
    if (why.context == judge_error("NOPERM").sentence && options.who.database != 0) {
      const auto user = options.who.user.empty() ? "default" : options.who.user;
      co_return fault(fmt::format("{}: the user {} may not choose database {}", place, user, options.who.database),
                      fmt::format("ACL SETUSER {} +select, or use database 0", user));
    }
    if (why.code == errc::store_unavailable || why.code == errc::overloaded) co_return from(why.context);
    const bool strange = why.code == errc::closed || why.code == errc::upstream_protocol;
    if (!options.tls && strange) co_return co_await in_plain_text();
    if (options.tls && may_be_no_tls(why)) co_return co_await by_tls();
    co_return explain(why, check, place);
  }
};

bool was_refused_with(const opened& fresh, std::string_view reply) {
  return !fresh && fresh.error().context == judge_error(reply).sentence;
}

link_options without_password(link_options options) {
  options.who = {.user = {}, .password = {}, .database = options.who.database};
  return options;
}

}  // namespace

net::task<visit> knock(net::loop& home, link_options options, std::string check) {
  visit made;
  auto fresh = co_await link::open(home, options);
  const bool unasked = was_refused_with(fresh, "ERR AUTH called without any password");
  if (!options.who.password.empty() && (fresh || unasked)) {
    auto anyone = co_await link::open(home, without_password(options));
    if (anyone) {
      made.seen.push_back(finding::warning(
          check, fmt::format("{} was given a password and lets in whoever has none", options.where.to_string()),
          "give Redis one (requirepass, or ACL SETUSER default off), or take ours out of REDIS_PASSWORD or the URL"));
    }
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
    const closer_look at{.home = home, .options = options, .why = fresh.error(), .check = std::move(check)};
    made.seen.push_back(co_await at.find_reason());
  }
  co_return made;
}

}  // namespace refrain::redis
