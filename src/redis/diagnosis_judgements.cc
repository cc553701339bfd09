#include "redis/diagnosis_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "redis/reply_timeout.h"

namespace refrain::redis {
namespace {

using namespace std::chrono_literals;
using base::errc;

/// A part of an error's context, and what to do where it stands there.
struct remedy_row {
  std::string_view phrase;
  std::string_view remedy;
};

constexpr std::string_view unknown_authority =
    "set redis.tls_ca (REDIS_SSL_CA_CERTS) to the PEM file of the authority that signed it; a hosted Redis offers it "
    "on its provider's page";
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

finding from_sentence(std::string check, condition severity, std::string_view place, std::string_view sentence) {
  constexpr std::string_view joint = ": ";
  const auto end = std::min(sentence.find(joint), sentence.size());
  const auto fault = sentence.substr(0, end);
  return {.check = std::move(check),
          .what = severity,
          .text = place.empty() ? std::string{fault} : fmt::format("{}: {}", place, fault),
          .remedy = std::string{sentence.substr(std::min(end + joint.size(), sentence.size()))}};
}

bool may_be_no_tls(const base::error& why) noexcept {
  const bool unread =
      holds(why, "wrong version number") || holds(why, "plain-text port") || holds(why, "packet length");
  return (why.code == errc::upstream_tls && unread) ||
         (why.code == errc::upstream_timeout && holds(why, "TLS handshake"));
}

finding explain(const base::error& why, std::string check, std::string_view place) {
  const auto* const row = std::ranges::find_if(remedies, [&](const remedy_row& one) { return holds(why, one.phrase); });
  return finding::fault(std::move(check), holds(why, place) ? why.context : fmt::format("{}: {}", place, why.context),
                        std::string{row == remedies.end() ? look_around : row->remedy});
}

std::optional<finding> judge_kind(topology wanted, std::string_view mode, std::string_view place) {
  const auto taken_for = [place](std::string_view is, std::string remedy) {
    return finding::fault("redis", fmt::format("{} {}", place, is), std::move(remedy));
  };
  if (mode == "sentinel") {
    return taken_for("is a Sentinel and was taken for a server",
                     "write redis+sentinel://host/service (its port is 26379 unless it says else)");
  }
  if (mode == "cluster" && wanted != topology::cluster) {
    return taken_for("is a node of a Redis Cluster and was taken for a server of its own",
                     "write redis+cluster:// (with TLS rediss+cluster://), without a number of a database");
  }
  if (mode == "standalone" && wanted == topology::cluster) {
    return taken_for("is no Cluster and was taken for a node of one", "write redis:// in place of redis+cluster://");
  }
  return std::nullopt;
}

finding judge_distance(std::chrono::microseconds round_trip, std::optional<std::chrono::milliseconds> deadline,
                       std::string_view place) {
  constexpr const char* check = "redis distance";
  reply_timeout allowed{deadline};
  allowed.saw(round_trip);
  const auto limit = std::chrono::floor<std::chrono::milliseconds>(allowed.first_byte()).count();
  const auto text = fmt::format("{} answers in {:.2f} ms, the median of five PINGs", place,
                                static_cast<double>(round_trip.count()) / 1000);
  if (round_trip >= allowed.first_byte()) {
    return finding::fault(check, fmt::format("{}; a lookup waits for {} ms and so would miss", text, limit),
                          "raise redis.deadline, or use a Redis in the gateway's region");
  }
  if (round_trip * 4 > allowed.first_byte() && (deadline || round_trip > 100ms)) {
    return finding::warning(
        check,
        fmt::format("{}; a lookup waits for {} ms, less than four times that, and misses where the way is slow", text,
                    limit),
        deadline ? "raise redis.deadline, or use a Redis that is nearer"
                 : "use a Redis in the gateway's region, or set redis.deadline");
  }
  return finding::ok(check, text);
}

finding judge_memory(const server_facts& told) {
  constexpr const char* check = "redis memory";
  const auto used = base::to_string(base::byte_count{told.memory_used});
  if (told.memory_bound == 0) {
    return finding::warning(check, fmt::format("{} used and no bound: it grows until the machine has none left", used),
                            "set maxmemory and maxmemory-policy allkeys-lru in redis.conf");
  }
  const auto text = fmt::format("{} of {} used, policy {}", used, base::to_string(base::byte_count{told.memory_bound}),
                                told.policy.empty() ? "unknown" : told.policy);
  if (told.policy != "noeviction") return finding::ok(check, text);
  return finding::warning(check, text + ": once full it takes no more answers",
                          "CONFIG SET maxmemory-policy allkeys-lru, and the same in redis.conf");
}

std::optional<finding> judge_clients(const server_facts& told, unsigned connections) {
  if (told.clients_bound == 0 || told.clients + connections <= told.clients_bound) return std::nullopt;
  return finding::warning("redis clients",
                          fmt::format("{} of {} clients are connected, and a gateway opens up to {}", told.clients,
                                      told.clients_bound, connections),
                          "raise maxclients there (a hosted one: the plan), or lower redis.connections");
}

}  // namespace refrain::redis
