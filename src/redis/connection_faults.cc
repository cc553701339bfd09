#include "redis/connection_faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace refrain::redis {
namespace {

using base::errc;

/// A part of an error's context, and what to do where it stands there.
struct remedy_row {
  std::string_view phrase;
  std::string_view remedy;
};

constexpr std::string_view unknown_authority =
    "set redis.tls_ca (REDIS_SSL_CA_CERTS) to the PEM file of the authority that signed it; a hosted Redis offers it "
    "on "
    "its provider's page";
constexpr std::string_view other_name =
    "connect by a name that the certificate holds; where you know it to be the right server, redis.tls_check_host = "
    "false (REDIS_SSL_CHECK_HOSTNAME)";
constexpr std::string_view unknown_name =
    "mend the host's name (REDIS_HOST, or the URL): this machine's DNS has to know it, and a container's name is known "
    "in its own network alone";
constexpr std::string_view own_certificate =
    "it wants a certificate of this client: set redis.tls_certificate and redis.tls_key (REDIS_SSL_CERTFILE, "
    "REDIS_SSL_KEYFILE) to one that its authority signed, or set tls-auth-clients there to no";

/// OpenSSL's words for what the verifier or the peer found, and the network's. The first that fits counts.
constexpr std::array remedies{
    remedy_row{"certificate has expired",
               "renew Redis' certificate (tls-cert-file there), or set this machine's clock"},
    remedy_row{"certificate is not yet valid", "set this machine's clock, or wait until Redis' certificate counts"},
    remedy_row{"hostname mismatch", other_name},
    remedy_row{"address mismatch", other_name},
    remedy_row{"self-signed certificate", unknown_authority},
    remedy_row{"unable to get", unknown_authority},
    remedy_row{"unable to verify", unknown_authority},
    remedy_row{"certificate required", own_certificate},
    remedy_row{"alert bad certificate", own_certificate},
    remedy_row{"alert handshake failure", own_certificate},
    remedy_row{"alert unknown ca", own_certificate},
    remedy_row{"alert protocol version", "let Redis speak TLS 1.2 or later (tls-protocols there)"},
    remedy_row{"TLS", "look at tls-port and the certificates there; without TLS the URL begins with redis://"},
    remedy_row{"cannot look up", unknown_name},
    remedy_row{"looking up", unknown_name},
    remedy_row{"Connection refused",
               "start Redis there, or mend host and port; inside a container, localhost is the container itself"},
    remedy_row{
        "to answer",
        "look whether Redis hangs there (redis-cli -h HOST -p PORT ping), or whether a proxy stands in its place"},
    remedy_row{
        "too long",
        "look for a firewall that drops packets, or a provider's allow list that lacks this machine's address; or "
        "mend host and port"},
    remedy_row{"No such file", "mend the socket's path: it is what `unixsocket` says in redis.conf"},
    remedy_row{"Permission denied", "let this user write to the socket (unixsocketperm in redis.conf)"},
};
constexpr std::string_view look_around = "check host and port, the network, and Redis' own log";

bool holds(const base::error& why, std::string_view phrase) noexcept { return why.context.contains(phrase); }

}  // namespace

bool may_be_no_tls(const base::error& why) noexcept {
  const bool unread =
      holds(why, "wrong version number") || holds(why, "plain-text port") || holds(why, "packet length");
  return (why.code == errc::upstream_tls && unread) ||
         (why.code == errc::upstream_timeout && holds(why, "TLS handshake"));
}

finding explain(const base::error& why, std::string what, std::string_view place) {
  const auto* const row = std::ranges::find_if(remedies, [&](const remedy_row& one) { return holds(why, one.phrase); });
  return {.check = std::move(what),
          .what = condition::fault,
          .text = holds(why, place) ? why.context : fmt::format("{}: {}", place, why.context),
          .remedy = std::string{row == remedies.end() ? look_around : row->remedy}};
}

}  // namespace refrain::redis
