#include "gateway/ask/authenticator.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cache/credential.h"
#include "cache/directives.h"
#include "cache/gate.h"
#include "gateway/ask/credential_query.h"

namespace refrain::gateway {
namespace {

using base::errc;
using base::fail;

/// More identities than that are not remembered at once: strangers could fill the memory.
constexpr std::size_t most_seen = 1024;

constexpr std::string_view client_key_header = "x-refrain-client-key";

/// Whether a field goes upstream as it is: those of the family do by what `identity::forwarded` says.
bool is_forwarded(std::string_view name, const provider::family& family) {
  if (cache::is_gateway_header(name) || base::starts_with_ignoring_case(name, "proxy-")) return false;
  return std::ranges::none_of(family.credential_headers,
                              [name](std::string_view one) { return base::equal_ignoring_case(one, name); });
}

cache::visit visit_of(const http::request_head& head) {
  return {.host = head.find("host"),
          .origin = head.find("origin"),
          .sec_fetch_site = head.find("sec-fetch-site"),
          .preflight = head.method == "OPTIONS" && head.find("access-control-request-method")};
}

}  // namespace

base::result<void> authenticator::admit(ask& request) {
  if (shared_.draining.load(std::memory_order_relaxed)) {
    return fail(errc::draining, "the gateway is stopping; ask again in a moment");
  }
  const auto& head = *request.head;
  if (came_from(head.fields, shared_.via)) {
    return fail(errc::loop_detected,
                "this request has been here before: the upstream's base URL leads back to this gateway. Point "
                "upstream." +
                    request.where.to->name +
                    ".base_url at the provider; a base-URL variable that names "
                    "Refrain is for clients alone");
  }
  const auto& rules = request.at->settings.server;
  auto visit = visit_of(head);
  if (visit.origin && cache::is_listed_origin(*visit.origin, rules.origins)) request.origin = *visit.origin;
  // A preflight shows no credential, whoever will follow it.
  if (!visit.preflight) {
    auto who = identify(request);
    if (!who) return fail(std::move(who).error());
    request.who = std::move(who->now);
    request.formerly = std::move(who->formerly);
    visit.shows_client_key = !request.who->client.empty();
  }
  const auto verdict = cache::judge_visit(
      visit, {.beyond_loopback = request.at->beyond_loopback, .hosts = rules.hosts, .origins = rules.origins});
  if (verdict != cache::gate_verdict::allow) return fail(cache::to_error(verdict, visit));
  return {};
}

base::result<authenticator::caller> authenticator::identify(const ask& request) {
  const auto& family = *request.where.to->family;
  // Those of the query follow those of the headers, here as in identity::forwarded.
  const auto in_query = credentials_in(request.where.query, family.credential_parameters);
  std::array<std::string_view, 32> values{};
  std::size_t count = 0;
  for (const auto name : family.credential_headers) values[count++] = request.head->find(name).value_or("");
  for (const auto& one : in_query) values[count++] = one;
  scratch_.assign(request.where.to->name);
  for (const auto value : std::span{values}.first(count)) scratch_.append(1, '\0').append(value);
  const auto client_key = request.head->find(client_key_header).value_or("");
  scratch_.append(1, '\0').append(client_key);
  beside_.clear();
  const auto& settings = request.at->settings;
  for (const auto& one : request.head->fields) {
    if (!cache::is_credential_like(one.name, settings.security.credential_headers) || !is_forwarded(one.name, family)) {
      continue;
    }
    beside_.push_back(one);
    scratch_.append(1, '\0').append(one.name).append(1, '\0').append(one.value);
  }
  if (const auto known = seen_.find(scratch_); known != seen_.end()) return known->second;

  const cache::shown_credentials shown{
      .values = std::span{values}.first(count), .client_key = client_key, .beside = beside_};
  const cache::admission_rules rules{.clients = settings.clients,
                                     .placeholders = settings.server.placeholder_keys,
                                     .beyond_loopback = request.at->beyond_loopback,
                                     .clients_required = settings.asks_for_clients()};
  const cache::lender lends{.name = request.where.to->name, .key = request.where.to->key.reveal()};
  auto who = cache::identify(shown, rules, lends, shared_.digests);
  if (!who) return fail(std::move(who).error());
  caller known{.now = std::make_shared<const cache::identity>(std::move(*who)), .formerly = nullptr};
  if (shared_.former_digests) {
    auto before = cache::identify(shown, rules, lends, *shared_.former_digests);
    if (before) known.formerly = std::make_shared<const cache::identity>(std::move(*before));
  }
  if (seen_.size() >= most_seen) seen_.clear();
  return seen_[scratch_] = std::move(known);
}

bool came_from(http::fields_view fields, std::string_view via) noexcept {
  return std::ranges::any_of(fields, [via](const http::field& one) {
    return base::equal_ignoring_case(one.name, "via") && one.value.contains(via);
  });
}

}  // namespace refrain::gateway
