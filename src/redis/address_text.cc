// What is said of an address: never a password, and never a user that may be one.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "redis/address.h"
#include "redis/address_hosts.h"

namespace refrain::redis {
namespace {

constexpr std::string_view hidden = "***";

/// A path with its slashes as they are.
std::string encode_path(std::string_view path) {
  std::vector<std::string> steps;
  for (std::size_t from = 0; from <= path.size();) {
    const auto to = std::min(path.find('/', from), path.size());
    steps.push_back(base::percent_encode(path.substr(from, to - from)));
    from = to + 1;
  }
  return fmt::format("{}", fmt::join(steps, "/"));
}

std::string userinfo_of(const login& who) {
  if (who.empty()) return "";
  if (who.password.empty()) return fmt::format("{}@", hidden);
  return fmt::format("{}:{}@", base::percent_encode(who.user), hidden);
}

/// `/0`, `/mymaster/0`; nothing for a Cluster, which has no choice, and for a socket, whose path is another.
std::string path_of(const address& of) {
  if (of.kind == topology::cluster || !of.socket_path.empty()) return "";
  if (of.kind == topology::sentinel) return fmt::format("/{}/{}", of.service, of.database);
  return fmt::format("/{}", of.database);
}

std::string query_of(const address& of) {
  std::vector<std::string> pieces;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) pieces.push_back(fmt::format("{}={}", name, value));
  };
  if (!of.socket_path.empty() && of.database != 0) add("db", std::to_string(of.database));
  add("sentinel_username", base::percent_encode(of.sentinel_login.user));
  add("sentinel_password", of.sentinel_login.password.empty() ? "" : hidden);
  const auto& tls = of.tls_wishes;
  add("ssl_ca_certs", encode_path(tls.ca_file));
  add("ssl_certfile", encode_path(tls.certificate_file));
  add("ssl_keyfile", encode_path(tls.key_file));
  if (tls.verify) add("ssl_cert_reqs", *tls.verify ? "required" : "none");
  if (tls.check_host) add("ssl_check_hostname", *tls.check_host ? "true" : "false");
  return pieces.empty() ? "" : fmt::format("?{}", fmt::join(pieces, "&"));
}

std::string tls_text(const address& of) {
  if (!of.tls) return "no";
  if (!of.tls_wishes.verify.value_or(true)) return "yes, but the certificate is not verified";
  return of.tls_wishes.check_host.value_or(true) ? "yes, verified" : "yes, verified but for the host name";
}

std::string user_text(const login& who) {
  if (who.user.empty()) return "default";
  return who.password.empty() ? "given, without a password (a password alone is written :password@)" : who.user;
}

std::string_view presence(const base::secret& password) { return password.empty() ? "none" : "given"; }

}  // namespace

std::string_view to_string(topology kind) noexcept {
  switch (kind) {
    case topology::standalone: return "standalone";
    case topology::cluster: return "cluster";
    case topology::sentinel: return "sentinel";
  }
  std::unreachable();
}

std::string address::location() const {
  if (socket_path.empty()) return fmt::format("{}://{}{}", scheme, print_hosts(hosts, ","), path_of(*this));
  return fmt::format("{}://{}{}", scheme, encode_path(socket_path),
                     database == 0 ? "" : fmt::format("?db={}", database));
}

std::string address::masked() const {
  const auto place = socket_path.empty() ? print_hosts(hosts, ",") : encode_path(socket_path);
  return fmt::format("{}://{}{}{}{}", scheme, userinfo_of(credentials), place, path_of(*this), query_of(*this));
}

std::vector<address_part> address::parts() const {
  std::vector<address_part> rows{{"scheme", scheme}, {"kind", std::string(to_string(kind))}, {"TLS", tls_text(*this)}};
  // Names and paths are decoded, and a line break of theirs must not begin a line of what is shown.
  static constexpr std::size_t longest = 1024;
  const auto add = [&](std::string name, std::string_view value) {
    if (!value.empty()) rows.push_back({.name = std::move(name), .value = base::shorten(value, longest)});
  };
  add("CA file", tls_wishes.ca_file);
  add("certificate", tls_wishes.certificate_file);
  add("key", tls_wishes.key_file);
  if (hosts.size() == 1) {
    add("host", hosts.front().host);
    add("port", std::to_string(hosts.front().port));
  } else {
    add("hosts", print_hosts(hosts, ", "));
  }
  add("socket", socket_path);
  add("user", user_text(credentials));
  add("password", presence(credentials.password));
  add("database", std::to_string(database));
  add("service", service);
  if (kind == topology::sentinel) {
    add("Sentinel's user", user_text(sentinel_login));
    add("Sentinel's password", presence(sentinel_login.password));
  }
  add("without effect", fmt::format("{}", fmt::join(ignored, ", ")));
  return rows;
}

tls_options tls_options::or_else(const tls_options& others) const {
  auto both = *this;
  if (both.ca_file.empty()) both.ca_file = others.ca_file;
  if (both.certificate_file.empty()) {
    both.certificate_file = others.certificate_file;
    both.key_file = others.key_file;
  }
  if (!both.verify) both.verify = others.verify;
  if (!both.check_host) both.check_host = others.check_host;
  return both;
}

bool operator==(const login& one, const login& other) {
  return one.user == other.user && one.password.reveal() == other.password.reveal();
}

bool operator==(const address& one, const address& other) {
  const auto same_host = [](const base::endpoint& a, const base::endpoint& b) {
    return a.host == b.host && a.port == b.port;
  };
  return one.scheme == other.scheme && std::ranges::equal(one.hosts, other.hosts, same_host) &&
         one.socket_path == other.socket_path && one.credentials == other.credentials &&
         one.database == other.database && one.service == other.service && one.sentinel_login == other.sentinel_login &&
         one.tls_wishes == other.tls_wishes;
}

}  // namespace refrain::redis
