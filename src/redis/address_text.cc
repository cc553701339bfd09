// What is said of an address: never a password, and never a user that may be one.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <initializer_list>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "redis/address_parts.h"

namespace refrain::redis {
namespace {

std::string userinfo_of(const login& who) {
  if (who.empty()) return "";
  return who.password.empty() ? "***@" : fmt::format("{}:***@", base::percent_encode(who.user));
}

/// Hosts and path: `h:6379/0`, `a:26379,b:26379/mymaster/0`, `a:6379,b:6379` of a Cluster, the path of a socket.
std::string place_of(const address& there) {
  if (!there.socket_path.empty()) return base::percent_encode(there.socket_path, "/");
  const auto hosts = print_hosts(there.hosts, ",");
  switch (there.kind) {
    case topology::standalone: return fmt::format("{}/{}", hosts, there.data_login.database);
    case topology::cluster: return hosts;
    case topology::sentinel: return fmt::format("{}/{}/{}", hosts, there.service, there.data_login.database);
  }
  std::unreachable();
}

std::string_view tls_text(bool spoken, const tls_options& by) {
  if (!spoken) return "no";
  if (!by.verify.value_or(true)) return "yes, but the certificate is not verified";
  return by.check_host.value_or(true) ? "yes, verified" : "yes, verified but for the host name";
}

std::string_view user_text(const login& who) {
  if (who.user.empty()) return "default";
  if (who.password.empty()) return "given, without a password (a password alone is written :password@)";
  return who.user;
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
  // A socket's database has no place in its path.
  const bool in_query = !socket_path.empty() && data_login.database != 0;
  return fmt::format("{}://{}{}", scheme, place_of(*this), in_query ? fmt::format("?db={}", data_login.database) : "");
}

std::vector<std::string> address::names() const {
  std::vector<std::string> all;
  for (const auto& one : hosts) all.push_back(one.host);
  return all;
}

void address::note_origin(std::string_view url) {
  const bool is_made_of_parts = url.starts_with("REDIS_") && !url.starts_with("REDIS_URL");
  const auto of = [&](std::initializer_list<std::string_view> variables) {
    if (!is_made_of_parts) return std::string{url};
    const auto parts = base::split(url, ',');
    for (const auto variable : variables) {
      for (const auto part : parts) {
        if (base::trim(part).starts_with(variable)) return std::string{base::trim(part)};
      }
    }
    return std::string{};
  };
  // The Sentinels' password is the servers' too where those have none of their own.
  data_login.origin = of({"REDIS_PASSWORD", "REDIS_SENTINEL_PASSWORD"});
  sentinel_login.origin = of({"REDIS_SENTINEL_PASSWORD"});
}

std::string address::masked() const {
  return fmt::format("{}://{}{}{}", scheme, userinfo_of(data_login), place_of(*this), print_query(*this));
}

std::vector<address_part> address::parts(const tls_options& others) const {
  const auto by = tls ? tls_settings.or_else(others) : tls_settings;
  std::vector<address_part> rows;
  // Names and paths are decoded, and a line break of theirs must not begin a line of what is shown.
  static constexpr std::size_t longest = 1024;
  const auto add = [&](std::string name, std::string_view value) {
    if (!value.empty()) rows.push_back({.name = std::move(name), .value = base::shorten(value, longest)});
  };
  add("scheme", scheme);
  add("kind", to_string(kind));
  add("TLS", tls_text(tls, by));
  add("CA file", by.ca_file);
  add("certificate", by.certificate_file);
  add("key", by.key_file);
  if (hosts.size() == 1) {
    add("host", hosts.front().host);
    add("port", std::to_string(hosts.front().port));
  } else {
    add("hosts", print_hosts(hosts, ", "));
  }
  add("socket", socket_path);
  add("user", user_text(data_login));
  add("password", presence(data_login.password));
  add("database", std::to_string(data_login.database));
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

bool operator==(const address& one, const address& other) {
  // The scheme says the kind and whether there is TLS.
  const auto compared = [](const address& there) {
    return std::tie(there.scheme, there.hosts, there.socket_path, there.data_login, there.sentinel_login, there.service,
                    there.tls_settings);
  };
  return compared(one) == compared(other);
}

}  // namespace refrain::redis
