#include "cache/tenant.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "cache/credential.h"

namespace refrain::cache {
namespace {

using named_client = std::pair<const std::string, config::client_settings>;

/// Looks at every client whatever it has found: the time tells nothing of which one it is.
const named_client* find_client(std::string_view key, const std::map<std::string, config::client_settings>& clients) {
  const named_client* found = nullptr;
  for (const auto& one : clients) {
    const auto expected = one.second.key.reveal();
    if (!expected.empty() && base::equal_in_constant_time(key, expected)) found = &one;
  }
  return found;
}

/// The credentials of one request, sorted by what they are.
struct sorted_credentials {
  const named_client* client = nullptr;
  std::uint32_t own = 0;           ///< bits of those that are keys of the client's own
  std::uint32_t placeholders = 0;  ///< bits of those that stand for none
  bool client_key_beside = false;  ///< shown in x-refrain-client-key, so the credential headers are the provider's
};

base::result<sorted_credentials> sort(const shown_credentials& shown, const admission_rules& rules) {
  sorted_credentials sorted;
  if (!shown.client_key.empty()) {
    sorted.client = find_client(shown.client_key, rules.clients);
    sorted.client_key_beside = true;
    if (!sorted.client) {
      return base::fail(base::errc::unauthorized, "x-refrain-client-key is the key of no client under clients.<name>");
    }
  }
  for (std::size_t i = 0; i < shown.values.size() && i < 32; ++i) {
    const auto bit = std::uint32_t{1} << i;
    const auto credential = strip_scheme(shown.values[i]);
    if (shown.values[i].empty()) continue;
    if (const auto* const client = find_client(credential, rules.clients)) {
      // The key of a client is not the provider's to see, whoever shows it.
      if (!sorted.client) sorted.client = client;
    } else if (is_placeholder(credential, rules.placeholders)) {
      sorted.placeholders |= bit;
    } else {
      sorted.own |= bit;
    }
  }
  return sorted;
}

/// What else tells the client apart: name, in lower case, and value.
using beside = std::vector<std::pair<std::string, std::string>>;

/// A client's key may stand in any of these fields, which then says no more than that; so may the key that is shown in
/// its own place too.
beside beside_of(const shown_credentials& shown, const admission_rules& rules, sorted_credentials& sorted) {
  beside all;
  for (const auto& [name, value] : shown.beside) {
    const auto credential = strip_scheme(value);
    const auto is_it = [credential](std::string_view one) { return strip_scheme(one) == credential; };
    if (const auto* const client = find_client(credential, rules.clients)) {
      if (!sorted.client) sorted.client = client;
    } else if (!is_placeholder(credential, rules.placeholders) && std::ranges::none_of(shown.values, is_it)) {
      auto lower = base::to_lower(name);
      auto said = lower == "cookie" ? identifying_cookies(value) : std::string(value);
      if (!said.empty()) all.emplace_back(std::move(lower), std::move(said));
    }
  }
  return all;
}

base::result<void> may_lend(const sorted_credentials& sorted, const admission_rules& rules, const lender& upstream) {
  if (sorted.client || !rules.beyond_loopback) return {};
  return base::fail(base::errc::unauthorized,
                    fmt::format("send a key of your own for {}, or a client key: this gateway lends its keys to the "
                                "clients it knows (clients.<name>.key)",
                                upstream.name));
}

base::result<credential_source> choose(const sorted_credentials& sorted, const admission_rules& rules,
                                       const lender& upstream) {
  if (sorted.own != 0) return credential_source::own;
  if (!upstream.key.empty()) {
    TRY(may_lend(sorted, rules, upstream));
    return credential_source::lent;
  }
  if (sorted.client && !sorted.client_key_beside) {
    return base::fail(base::errc::unauthorized,
                      fmt::format("client {0} shows its client key, but there is no key of {1} to put in its place: "
                                  "set upstream.{1}.api_key, or send a key of {1} and the client key in "
                                  "x-refrain-client-key",
                                  sorted.client->first, upstream.name));
  }
  return sorted.placeholders != 0 ? credential_source::own : credential_source::none;
}

/// Credentials of one kind as one digest. The same key shown in two headers, as some SDKs do, is one key.
base::digest256 account_of(const shown_credentials& shown, std::uint32_t forwarded, const base::digester& digests) {
  std::vector<std::string_view> keys;
  for (std::size_t i = 0; i < shown.values.size() && i < 32; ++i) {
    if ((forwarded >> i & 1) == 0) continue;
    const auto key = strip_scheme(shown.values[i]);
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  }
  base::digest_input input;
  for (const auto key : keys) input.add('c', key);
  return digests(input.view());
}

base::digest256 account_of(std::string_view key, const base::digester& digests) {
  return digests(base::digest_input{}.add('c', key).view());
}

/// The same, told apart by what else is shown.
base::digest256 add_beside(const base::digest256& to, const beside& more, const base::digester& digests) {
  if (more.empty()) return to;
  base::digest_input input;
  input.add('o', to.view());
  for (const auto& [name, value] : more) input.add('n', name).add('v', value);
  return digests(input.view());
}

base::digest256 name_tag(std::string_view kind, std::string_view name, const base::digester& digests) {
  return digests(base::digest_input{}.add('k', kind).add('n', name).view());
}

tenant tenant_of(const identity& caller, const named_client* client, const beside& more,
                 const base::digester& digests) {
  if (client) {
    const auto& name = client->second.tenant.empty() ? client->first : client->second.tenant;
    return {.tag = add_beside(name_tag("client", name, digests), more, digests),
            .label = fmt::format("client {}", name)};
  }
  if (caller.credential == credential_source::none && more.empty()) return {.tag = caller.account, .label = "no key"};
  return {.tag = caller.account, .label = fmt::format("key-{}", caller.account.hex().substr(0, 8))};
}

}  // namespace

bool is_client_key(std::string_view value, const std::map<std::string, config::client_settings>& clients) {
  return find_client(strip_scheme(value), clients) != nullptr;
}

base::result<identity> identify(const shown_credentials& shown, const admission_rules& rules, const lender& upstream,
                                const base::digester& digests) {
  auto sorted = TRY(sort(shown, rules));
  const auto more = beside_of(shown, rules, sorted);
  if (rules.clients_required && !sorted.client) {
    return base::fail(base::errc::unauthorized,
                      "send a client key: this gateway serves the clients it knows (clients.<name>.key), on this "
                      "machine too, since a proxy here makes everybody local; clients.required = false lets others in");
  }
  const auto source = TRY(choose(sorted, rules, upstream));

  identity caller{.credential = source};
  if (caller.credential == credential_source::own)
    caller.forwarded = sorted.own != 0 ? sorted.own : sorted.placeholders;
  caller.account = caller.credential == credential_source::lent ? account_of(upstream.key, digests)
                                                                : account_of(shown, caller.forwarded, digests);
  caller.account = add_beside(caller.account, more, digests);
  if (sorted.client) {
    caller.client = sorted.client->first;
    // Whoever shows more than the client's key shares nothing with its other callers.
    if (more.empty()) caller.namespaces = sorted.client->second.namespaces;
  }
  caller.whose = tenant_of(caller, sorted.client, more, digests);
  return caller;
}

tenant tenant_for(const identity& caller, std::string_view name_space, const base::digester& digests) {
  if (name_space.empty() || std::ranges::find(caller.namespaces, name_space) == caller.namespaces.end())
    return caller.whose;
  return {.tag = name_tag("namespace", name_space, digests), .label = fmt::format("namespace {}", name_space)};
}

std::optional<std::string> lending_fault(const base::endpoint& listen, std::span<const std::string> upstreams_with_keys,
                                         bool has_clients) {
  if (listen.is_loopback() || upstreams_with_keys.empty() || has_clients) return std::nullopt;
  return fmt::format(
      "server.listen = {} is reachable from other machines, and the gateway would lend its keys for {} to whoever "
      "asks: "
      "name the clients that may use them (clients.<name>.key), listen on 127.0.0.1, or unset the keys",
      listen.to_string(), fmt::join(upstreams_with_keys, ", "));
}

}  // namespace refrain::cache
