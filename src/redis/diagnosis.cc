#include "redis/diagnosis.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "redis/announced.h"
#include "redis/diagnosis_parts.h"
#include "redis/trust.h"

namespace refrain::redis {
namespace {

const base::error done{base::errc::closed, "the look is over"};

constexpr const char* of_address = "redis address";

findings judge_address(const address& there, const tls_options& others) {
  std::vector<std::string> parts;
  for (const auto& one : there.parts(others)) parts.push_back(fmt::format("{} {}", one.name, one.value));
  findings seen{finding::ok(of_address, fmt::format("{}: {}", there.masked(), fmt::join(parts, ", ")))};
  if (const auto warning = plain_text_warning(there); !warning.empty()) {
    const auto end = warning.find("; ");
    seen.push_back(finding::warning(of_address, warning.substr(0, end), warning.substr(end + 2)));
  }
  if (there.tls && !there.tls_settings.or_else(others).verify.value_or(true)) {
    seen.push_back(finding::warning(of_address,
                                    "the server's certificate is not verified: anyone on the way may read along",
                                    "take out redis.tls_verify = none (REDIS_SSL_CERT_REQS, ssl_cert_reqs), and set "
                                    "redis.tls_ca (REDIS_SSL_CA_CERTS) where the authority is one of yours"));
  }
  if (!there.ignored.empty()) {
    seen.push_back(finding::warning(of_address,
                                    fmt::format("in its query {} mean nothing here", fmt::join(there.ignored, ", ")),
                                    "leave them out"));
  }
  return seen;
}

link_options link_to(const diagnosis_options& asked, const base::endpoint& host, const login& who) {
  return {.where = {.host = host.host,
                    .port = host.port,
                    .socket_path = asked.there.socket_path,
                    .limit = asked.limit,
                    .other_names = asked.there.names()},
          .tls = asked.tls,
          .who = who,
          .limits = reply_timeout{asked.limit}};
}

/// That some of several places are away harms nobody while another is there.
void weigh_less(findings& all) {
  for (auto& one : all) {
    if (one.what == condition::fault) one.what = condition::warning;
  }
}

net::task<findings> diagnose_server(net::loop& home, diagnosis_options asked, base::endpoint host) {
  const auto options = link_to(asked, host, asked.there.data_login);
  auto made = co_await knock(home, options, "redis");
  auto seen = std::move(made.seen);
  if (!made.over) co_return seen;
  append(seen, co_await examine(home, made.over, options, std::move(asked)));
  made.over->close(done);
  co_return seen;
}

net::task<findings> diagnose_cluster(net::loop& home, diagnosis_options asked) {
  findings away;
  findings seen;
  for (const auto& host : asked.there.hosts) {
    const auto options = link_to(asked, host, asked.there.data_login);
    auto made = co_await knock(home, options, "redis");
    append(away, std::move(made.seen));
    if (!made.over) continue;
    // One of them tells of all; of the others it is enough that they let us in.
    if (seen.empty()) {
      seen = co_await examine(home, made.over, options, asked);
    }
    made.over->close(done);
  }
  if (!seen.empty()) weigh_less(away);
  append(away, std::move(seen));
  co_return away;
}

net::task<findings> diagnose_sentinels(net::loop& home, diagnosis_options asked) {
  findings away;
  findings seen;
  std::vector<base::endpoint> primaries;
  for (const auto& host : asked.there.hosts) {
    const auto options = link_to(asked, host, asked.there.sentinel_login);
    auto made = co_await knock(home, options, "redis sentinel");
    append(away, std::move(made.seen));
    if (!made.over) continue;
    auto told = co_await ask_sentinel(made.over, asked.there.service, host.to_string());
    made.over->close(done);
    append(seen, std::move(told.seen));
    if (!told.primary) continue;
    const auto& primary = mapped(asked.node_map, *told.primary);
    if (std::ranges::find(primaries, primary) == primaries.end()) primaries.push_back(primary);
  }
  if (!primaries.empty()) weigh_less(away);
  append(away, std::move(seen));
  if (primaries.size() > 1) {
    away.push_back(finding::warning("redis sentinel", "the Sentinels name different primaries",
                                    "wait until they have agreed, then look at their logs"));
  }
  for (const auto& one : primaries) append(away, co_await diagnose_server(home, asked, one));
  co_return away;
}

}  // namespace

net::task<findings> diagnose(net::loop& home, diagnosis_options asked) {
  auto seen = judge_address(asked.there, asked.tls_said);
  switch (asked.there.kind) {
    case topology::standalone: {
      const auto host = asked.there.hosts.empty() ? base::endpoint{} : asked.there.hosts.front();
      append(seen, co_await diagnose_server(home, std::move(asked), host));
      break;
    }
    case topology::cluster: append(seen, co_await diagnose_cluster(home, std::move(asked))); break;
    case topology::sentinel: append(seen, co_await diagnose_sentinels(home, std::move(asked))); break;
  }
  co_return seen;
}

}  // namespace refrain::redis
