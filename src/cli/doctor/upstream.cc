#include "cli/doctor/checks.h"

#include <fmt/format.h>

#include <optional>

#include "base/url.h"
#include "cli/readable.h"
#include "config/names.h"
#include "http/client.h"
#include "net/loop.h"
#include "net/tls.h"

namespace refrain::cli {
namespace {

using base::errc;
using base::fail;
using enum condition;
using responses = std::map<std::string, base::result<upstream_response>>;

net::task<base::result<upstream_response>> ask(http::client& with, http::route where, std::string head) {
  const auto began = base::system_clock().steady();
  const auto call = co_await with.open(std::move(where));
  if (!call) co_return fail(call.error());
  const auto written = co_await (*call)->write(head);
  if (!written) co_return fail(written.error());
  (*call)->sent();
  const auto got = co_await (*call)->read_head(false);
  if (!got) co_return fail(got.error());
  co_return upstream_response{
      .status = (*got)->status,
      .date = std::string((*got)->find("date").value_or("")),
      .took = std::chrono::duration_cast<std::chrono::milliseconds>(base::system_clock().steady() - began)};
}

/// Asks one, and stops the loop after the last.
net::task<> ask_into(responses& all, std::size_t expected, http::client& with, const gateway::upstream& to) {
  auto response = co_await ask(with, to.route, probe_for(to).head);
  all.emplace(to.name, std::move(response));
  if (all.size() == expected) with.home().stop();
}

std::string remedy_for(const base::error& why, const gateway::upstream& to) {
  const auto setting = fmt::format("upstream.{}.base_url ({})", to.name, to.base.origin());
  switch (why.code) {
    case errc::upstream_tls:
      // OpenSSL's words for a reply that is no TLS at all.
      if (why.context.contains("wrong version number"))
        return fmt::format("is it a plain-text port? Check {}", setting);
      return "install the CA that signed its certificate (SSL_CERT_FILE names another store), or check the clock";
    case errc::upstream_timeout: return fmt::format("check the network, HTTPS_PROXY, and {}", setting);
    default: return fmt::format("check {}, the network, and HTTPS_PROXY where there is a proxy", setting);
  }
}

std::string key_variable(std::string_view upstream) { return config::fill_in("<NAME>_API_KEY", upstream); }

finding judge_status(const gateway::upstream& to, const upstream_response& response, bool is_default) {
  finding found{.check = fmt::format("upstream {}", to.name),
                .text = fmt::format("{} answers in {} ms", to.base.origin(), response.took.count())};
  const bool refused = response.status == 401 || response.status == 403;
  if (response.status >= 500) {
    found.what = warning;
    found.text += fmt::format(", but with status {}", response.status);
    found.remedy = "wait: the fault is the provider's";
  } else if (to.key.empty()) {
    found.text += "; there is no key to lend, so clients send their own";
    if (is_default && !base::is_loopback_host(to.base.host))
      found.text += fmt::format(" (or set {})", key_variable(to.name));
  } else if (refused && probe_for(to).tells_of_key) {
    found.what = fault;
    found.text += fmt::format(", but refuses the key {} (status {})", to.key.masked(), response.status);
    found.remedy = fmt::format("put a valid key in {}", key_variable(to.name));
  } else if (response.status / 100 == 2 && probe_for(to).tells_of_key) {
    found.text += " and takes the key";
  } else {
    found.text += fmt::format(" (status {}); whether the key is good it did not say", response.status);
  }
  return found;
}

}  // namespace

upstream_probe probe_for(const gateway::upstream& to) {
  const auto& wire = *to.family;
  const bool with_key = !wire.free_path.empty() && !to.key.empty();
  auto head = fmt::format("GET {}{} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\nUser-Agent: refrain-doctor\r\n",
                          to.base.path, with_key ? wire.free_path : "/", to.authority);
  if (with_key) {
    const auto scheme = wire.credential_scheme;
    head += fmt::format("{}: {}{}{}\r\n{}", wire.credential_header, scheme, scheme.empty() ? "" : " ", to.key.reveal(),
                        wire.free_header);
  }
  return {.head = head + "Connection: close\r\n\r\n", .tells_of_key = with_key};
}

responses ask_upstreams(const std::map<std::string, const gateway::upstream*>& upstreams) {
  using namespace std::chrono_literals;
  responses all;
  if (upstreams.empty()) return all;
  const auto trust = net::tls_context::for_clients();
  if (!trust) {
    for (const auto& [name, to] : upstreams) all.emplace(name, fail(trust.error()));
    return all;
  }
  net::loop loop;
  http::client with{loop, {.connect = 5s, .first_byte = 10s, .idle = 10s}, *trust};
  for (const auto& [name, to] : upstreams) net::spawn(loop.get_executor(), ask_into(all, upstreams.size(), with, *to));
  loop.run();
  return all;
}

findings judge_upstream(const gateway::upstream& to, const base::result<upstream_response>& response, bool is_default,
                        base::sys_seconds now) {
  if (!response) {
    return {finding::fault(fmt::format("upstream {}", to.name), response.error().context,
                           remedy_for(response.error(), to))};
  }
  findings found{judge_status(to, *response, is_default)};
  constexpr std::chrono::minutes tolerated{5};
  const auto theirs = time_from(response->date, http_date);
  if (theirs && std::chrono::abs(*theirs - now) > tolerated) {
    found.push_back(finding::warning(
        "clock", fmt::format("differs from {}'s by {} s", to.base.host, std::chrono::abs(*theirs - now).count()),
        "set it: timedatectl set-ntp true"));
  }
  return found;
}

}  // namespace refrain::cli
