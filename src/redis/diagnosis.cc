#include "redis/diagnosis.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "redis/diagnosis_steps.h"
#include "redis/trust.h"

namespace refrain::redis {
namespace {

const base::error done{base::errc::closed, "the look is over"};

constexpr const char* of_address = "redis address";

findings judge_address(const address& there) {
  std::vector<std::string> parts;
  for (const auto& one : there.parts()) parts.push_back(fmt::format("{} {}", one.name, one.value));
  findings seen{finding::ok(of_address, fmt::format("{}: {}", there.masked(), fmt::join(parts, ", ")))};
  if (const auto warning = plain_text_warning(there); !warning.empty()) {
    const auto end = warning.find("; ");
    seen.push_back(finding::warning(of_address, warning.substr(0, end), warning.substr(end + 2)));
  }
  if (!there.ignored.empty()) {
    seen.push_back(finding::warning(of_address,
                                    fmt::format("in its query {} mean nothing here", fmt::join(there.ignored, ", ")),
                                    "leave them out"));
  }
  return seen;
}

link_options link_to(const diagnosis_options& of, const base::endpoint& host, const login& who) {
  return {.where = {.host = host.host, .port = host.port, .socket_path = of.there.socket_path, .limit = of.limit},
          .tls = of.tls,
          .who = who,
          .limits = reply_timeout{of.limit}};
}

/// That some of several places are away harms nobody while another is there.
void weigh_less(findings& all) {
  for (auto& one : all) {
    if (one.what == condition::fault) one.what = condition::warning;
  }
}

net::task<findings> diagnose_server(net::loop& home, diagnosis_options of, base::endpoint host) {
  const auto options = link_to(of, host, of.there.data_login);
  auto made = co_await knock(home, options, "redis");
  auto seen = std::move(made.seen);
  if (!made.over) co_return seen;
  append(seen, co_await examine(home, made.over, options, std::move(of)));
  made.over->close(done);
  co_return seen;
}

net::task<findings> diagnose_cluster(net::loop& home, diagnosis_options of) {
  findings away;
  findings seen;
  for (const auto& host : of.there.hosts) {
    const auto options = link_to(of, host, of.there.data_login);
    auto made = co_await knock(home, options, "redis");
    append(away, std::move(made.seen));
    if (!made.over) continue;
    // One of them tells of all; of the others it is enough that they let us in.
    if (seen.empty()) {
      seen = co_await examine_cluster(home, made.over, options);
      append(seen, co_await examine(home, made.over, options, of));
    }
    made.over->close(done);
  }
  if (!seen.empty()) weigh_less(away);
  append(away, std::move(seen));
  co_return away;
}

net::task<findings> diagnose_sentinels(net::loop& home, diagnosis_options of) {
  findings away;
  findings seen;
  std::vector<base::endpoint> primaries;
  for (const auto& host : of.there.hosts) {
    const auto options = link_to(of, host, of.there.sentinel_login);
    auto made = co_await knock(home, options, "redis sentinel");
    append(away, std::move(made.seen));
    if (!made.over) continue;
    auto told = co_await ask_sentinel(made.over, of.there.service, host.to_string());
    made.over->close(done);
    append(seen, std::move(told.seen));
    const bool is_new = told.primary && std::ranges::find(primaries, *told.primary) == primaries.end();
    if (is_new) primaries.push_back(*std::move(told.primary));
  }
  if (!primaries.empty()) weigh_less(away);
  append(away, std::move(seen));
  if (primaries.size() > 1) {
    away.push_back(finding::warning("redis sentinel", "the Sentinels name different primaries",
                                    "wait until they have agreed, then look at their logs"));
  }
  for (const auto& one : primaries) append(away, co_await diagnose_server(home, of, one));
  co_return away;
}

}  // namespace

net::task<findings> diagnose(net::loop& home, diagnosis_options what) {
  auto seen = judge_address(what.there);
  switch (what.there.kind) {
    case topology::standalone: {
      const auto host = what.there.hosts.empty() ? base::endpoint{} : what.there.hosts.front();
      append(seen, co_await diagnose_server(home, std::move(what), host));
      break;
    }
    case topology::cluster: append(seen, co_await diagnose_cluster(home, std::move(what))); break;
    case topology::sentinel: append(seen, co_await diagnose_sentinels(home, std::move(what))); break;
  }
  co_return seen;
}

}  // namespace refrain::redis
