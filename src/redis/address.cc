#include "redis/address.h"

#include <fmt/format.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "redis/address_hosts.h"
#include "redis/address_query.h"

namespace refrain::redis {
namespace {

struct scheme {
  std::string_view name;
  topology kind;
  bool tls;
  bool is_socket;
};

constexpr std::array schemes{
    scheme{"redis", topology::standalone, false, false},
    scheme{"rediss", topology::standalone, true, false},
    scheme{"valkey", topology::standalone, false, false},
    scheme{"valkeys", topology::standalone, true, false},
    scheme{"redis+cluster", topology::cluster, false, false},
    scheme{"rediss+cluster", topology::cluster, true, false},
    scheme{"valkey+cluster", topology::cluster, false, false},
    scheme{"valkeys+cluster", topology::cluster, true, false},
    scheme{"redis+sentinel", topology::sentinel, false, false},
    scheme{"rediss+sentinel", topology::sentinel, true, false},
    scheme{"valkey+sentinel", topology::sentinel, false, false},
    scheme{"valkeys+sentinel", topology::sentinel, true, false},
    scheme{"unix", topology::standalone, false, true},
    scheme{"redis+unix", topology::standalone, false, true},
    scheme{"redis+socket", topology::standalone, false, true},
    scheme{"valkey+unix", topology::standalone, false, true},
    scheme{"valkey+socket", topology::standalone, false, true},
};

/// The three pieces that the text after the scheme falls into. They may hold secrets.
struct pieces {
  std::string_view userinfo;
  std::string_view place;  ///< hosts and path, or the path of a socket
  std::string_view query;
};

std::unexpected<base::error> refuse(std::string_view reason) {
  return base::fail(base::errc::bad_config, std::string(reason));
}

std::unexpected<base::error> refuse_scheme(std::string_view name) {
  if (name == "http" || name == "https") {
    return refuse(
        "http:// leads to a web API, which no Redis client speaks: give the redis:// or rediss:// URL of the database");
  }
  std::vector<std::string_view> names;
  for (const auto& row : schemes) names.push_back(row.name);
  const auto near = base::nearest(name, names);
  return refuse(fmt::format("no scheme of a Redis URL: {}",
                            near ? fmt::format("did you mean {}://?", *near)
                                 : "it begins with redis://, with TLS rediss://, for many servers redis+cluster:// or "
                                   "redis+sentinel://, for a socket unix://"));
}

std::unexpected<base::error> refuse_unschemed(std::string_view text) {
  if (text.starts_with('"') || text.starts_with('\'')) return refuse("the quotes are part of the URL: leave them out");
  if (text.starts_with("redis-cli") || text.starts_with("valkey-cli")) {
    return refuse("a whole command stands there: give what follows its -u alone");
  }
  if (text.starts_with('/') || text.starts_with("unix:")) return refuse("a socket is written unix:///path/of/the.sock");
  return refuse("no scheme: a Redis URL begins with redis://, or rediss:// for TLS");
}

/// `user:password`, `user` or `:password`.
login read_userinfo(std::string_view text) {
  const auto colon = std::min(text.find(':'), text.size());
  login read{.user = decode_loosely(text.substr(0, colon)), .password = {}};
  if (colon < text.size()) read.password = base::secret(decode_loosely(text.substr(colon + 1)));
  return read;
}

/// A name that Sentinel takes for a service: its SENTINEL MONITOR allows no other characters. A number alone is a
/// database whose service was forgotten.
bool is_service(std::string_view text) {
  return !text.empty() && !database_number(text) &&
         base::to_lower(text).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == text.npos;
}

/// Takes the service of Sentinels off the front of the path, where the query has not said it.
base::result<void> read_service(std::vector<std::string_view>& steps, address& into) {
  if (into.service.empty() && !steps.empty()) {
    into.service = decode_loosely(steps.front());
    steps.erase(steps.begin());
  }
  if (is_service(into.service)) return {};
  return refuse(
      "the service is missing that the Sentinels know the primary by: write redis+sentinel://HOST/mymaster, its "
      "database after that");
}

/// Reads the path: a service, then the number of a database.
base::result<void> read_path(std::string_view path, address& into, std::optional<unsigned> database_of_query) {
  auto steps = base::split(path, '/');
  if (into.kind == topology::sentinel) {
    if (auto done = read_service(steps, into); !done) return done;
  }
  const auto number = steps.empty() ? std::nullopt : database_number(steps.front());
  if (steps.size() > 1 || (!steps.empty() && !number)) {
    return refuse("the path is no number of a database: write /0; a / in a password as %2F");
  }
  if (number && database_of_query && *number != *database_of_query) {
    return refuse("the path and ?db= name two databases: leave one out");
  }
  into.database = number.value_or(database_of_query.value_or(0));
  if (into.kind == topology::cluster && into.database != 0) {
    return refuse("a Cluster has database 0 only: leave the number out, and part its users by store.prefix");
  }
  return {};
}

base::result<void> read_network_place(const pieces& given, address& into, const address_query& query) {
  const auto end = std::min(given.place.find_first_of("/#"), given.place.size());
  const auto path = given.place.substr(end);
  if (path.contains('#')) return refuse("nothing may follow a #: leave it out, or write one of a password as %23");
  const auto port = into.kind == topology::sentinel ? default_sentinel_port : default_port;
  auto hosts = read_hosts(given.place.substr(0, end), port);
  if (!hosts) return base::fail(std::move(hosts).error());
  into.hosts = *std::move(hosts);
  if (into.kind == topology::standalone && into.hosts.size() > 1) {
    return refuse("several hosts need to be of a Cluster or Sentinels: write redis+cluster:// or redis+sentinel://");
  }
  return read_path(path, into, query.database);
}

base::result<void> read_socket_place(const pieces& given, address& into, const address_query& query) {
  into.socket_path = decode_loosely(given.place);
  into.database = query.database.value_or(0);
  if (!into.socket_path.starts_with('/')) return refuse("a socket has its whole path: write unix:///path/of/the.sock");
  if (into.socket_path.contains('\0')) return refuse("the socket's path holds a NUL");
  if (into.socket_path.size() >= sizeof(sockaddr_un::sun_path)) {
    return refuse(fmt::format("the socket's path has more than {} bytes, which no system takes",
                              sizeof(sockaddr_un::sun_path) - 1));
  }
  return {};
}

/// What may not stand together.
base::result<void> check(const address& read) {
  if (!read.tls && read.tls_wishes != tls_options{}) {
    return refuse("the query speaks of TLS and the scheme does not: write rediss://, or leave the ssl_ names out");
  }
  if (read.tls_wishes.certificate_file.empty() && !read.tls_wishes.key_file.empty()) {
    return refuse("ssl_keyfile is given and ssl_certfile is not: give both");
  }
  if (read.kind != topology::sentinel && (!read.sentinel_login.empty() || !read.service.empty())) {
    return refuse("service_name and the sentinel_ names are for Sentinels: write redis+sentinel://");
  }
  return {};
}

/// Reads an address of which it is decided where its pieces end.
base::result<address> read_pieces(const scheme& by, const pieces& given) {
  address read{.scheme = std::string(by.name), .kind = by.kind, .tls = by.tls};
  if (given.userinfo.substr(0, given.userinfo.find(':')).find_first_of("/?#") != std::string_view::npos) {
    return refuse("before the @ stands no user:password: a password alone is written :password@host");
  }
  read.credentials = read_userinfo(given.userinfo);
  auto query = read_query(given.query);
  if (!query) return base::fail(std::move(query).error());
  if (read.credentials.user.empty()) read.credentials.user = query->credentials.user;
  if (read.credentials.password.empty()) read.credentials.password = query->credentials.password;
  read.service = query->service;
  read.sentinel_login = query->sentinel_login;
  read.tls_wishes = query->tls;
  read.ignored = query->ignored;
  auto done = by.is_socket ? read_socket_place(given, read, *query) : read_network_place(given, read, *query);
  if (done) done = check(read);
  if (!done) return base::fail(std::move(done).error());
  return read;
}

/// Takes the userinfo off the front: it ends at the last @ of a host, the last one before a / of a socket's path.
pieces split_userinfo(const scheme& by, std::string_view text) {
  if (by.is_socket && text.starts_with('/')) return {.userinfo = {}, .place = text, .query = {}};
  const auto at = by.is_socket ? text.rfind("@/") : text.rfind('@');
  if (at == text.npos) return {.userinfo = {}, .place = text, .query = {}};
  return {.userinfo = text.substr(0, at), .place = text.substr(at + 1), .query = {}};
}

/// Reads the text after the scheme. A raw @ or ? may stand in a password or in the query: what makes an address with a
/// query of known names is meant so, else the last @ of all ends the userinfo.
base::result<address> read_body(const scheme& by, std::string_view text) {
  for (auto mark = text.find('?'); mark != text.npos; mark = text.find('?', mark + 1)) {
    if (!is_query(text.substr(mark + 1))) continue;
    auto given = split_userinfo(by, text.substr(0, mark));
    given.query = text.substr(mark + 1);
    if (auto read = read_pieces(by, given)) return read;
  }
  auto given = split_userinfo(by, text);
  const auto mark = std::min(given.place.find('?'), given.place.size());
  given.query = given.place.substr(std::min(mark + 1, given.place.size()));
  given.place = given.place.substr(0, mark);
  return read_pieces(by, given);
}

}  // namespace

base::result<address> parse_address(std::string_view text) {
  text = base::trim(text);
  if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
    return refuse("a line break or another control character stands in the URL: take it out");
  }
  const auto end = text.find("://");
  if (end == text.npos) return refuse_unschemed(text);
  const auto name = base::to_lower(text.substr(0, end));
  const auto* const row = std::ranges::find(schemes, name, &scheme::name);
  if (row == schemes.end())
    return name.find_first_of("\"' ") != name.npos ? refuse_unschemed(text) : refuse_scheme(name);
  return read_body(*row, text.substr(end + 3));
}

}  // namespace refrain::redis
