#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "base/url.h"
#include "config/settings.h"
#include "http/head.h"

namespace refrain::cache {

/// What a request shows of who sends it.
struct shown_credentials {
  /// Values of its dialect's credential headers, then of its credential parameters, in the dialect's order, as sent;
  /// empty where one is absent. At most 32.
  std::span<const std::string_view> values;
  std::string_view client_key;  ///< `x-refrain-client-key`; empty for none
  /// Other headers that an upstream may tell clients apart by, in the order of the request (is_credential_like).
  std::span<const http::field> beside{};
};

/// What the operator has set.
struct admission_rules {
  const std::map<std::string, config::client_settings>& clients;
  std::span<const std::string> placeholders;  ///< server.placeholder_keys
  bool beyond_loopback = false;               ///< other machines reach the listener
  bool clients_required = false;              ///< whoever shows no client's key is refused (clients.required)
};

/// The upstream that is asked for.
struct lender {
  std::string_view name;  ///< `openai`
  std::string_view key;   ///< lent to those who show none; empty: nothing to lend
};

/// Which credential goes upstream.
enum class credential_source : std::uint8_t {
  own,   ///< what the client sent, to the letter: `identity::forwarded` says which headers
  lent,  ///< the upstream's key in place of whatever was sent
  none,  ///< no credential at all
};

/// A hard partition of the cache (invariant 6).
struct tenant {
  base::digest256 tag;
  std::string label;  ///< for people: `client voice`, `namespace team`, `key-3fa9c1d2`; tells nothing of a key

  friend bool operator==(const tenant&, const tenant&) = default;
};

/// Who asks. Depends on the credential headers and the upstream alone, so a connection may keep it between requests.
struct identity {
  tenant whose;                         ///< where no shared namespace is asked for: see tenant_for
  std::string client;                   ///< the configured client's name; empty for an unnamed one
  std::vector<std::string> namespaces;  ///< those that the operator lists for this client
  credential_source credential = credential_source::none;
  std::uint32_t forwarded = 0;  ///< bit i: shown_credentials::values[i] goes upstream; all others are left out
  base::digest256 account;      ///< of the credentials that go upstream: the account that pays for it
};

/// Whether a header or parameter shows a client's key, by whatever scheme: such a key is the gateway's alone to see.
/// Compares in constant time with every client's.
[[nodiscard]] bool is_client_key(std::string_view value, const std::map<std::string, config::client_settings>& clients);

/// Finds out who asks, and with whose credential (docs/reliability.md, invariants 6 and 11). Client keys are compared
/// in constant time against every client. Fails with unauthorized where a client key is wrong, where it would need a
/// lent key that is not there, where a client key is required and none is shown, and beyond loopback where a key would
/// be lent to a stranger; the context names the remedy.
[[nodiscard]] base::result<identity> identify(const shown_credentials& shown, const admission_rules& rules,
                                              const lender& upstream, const base::digester& digests);

/// The partition of a request that names this namespace (empty for none): a namespace that the operator lists for the
/// client is shared by all who have it; any other only subdivides the client's own, by its place in the key.
[[nodiscard]] tenant tenant_for(const identity& caller, std::string_view name_space, const base::digester& digests);

/// Why the gateway must not start: it would lend the keys of these upstreams to whoever reaches it from another
/// machine. Nothing where all is well.
[[nodiscard]] std::optional<std::string> lending_fault(const base::endpoint& listen,
                                                       std::span<const std::string> upstreams_with_keys,
                                                       bool has_clients);

}  // namespace refrain::cache
