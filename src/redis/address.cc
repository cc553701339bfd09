#include "redis/address.h"

#include <fmt/format.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "redis/address_parts.h"

namespace refrain::redis {
namespace {

constexpr std::uint16_t default_port = 6379;
constexpr std::uint16_t default_sentinel_port = 26379;

struct scheme {
  std::string_view name;
  topology kind;
  bool tls;
  bool is_socket = false;
};

constexpr std::array schemes{
    scheme{"redis", topology::standalone, false},
    scheme{"rediss", topology::standalone, true},
    scheme{"valkey", topology::standalone, false},
    scheme{"valkeys", topology::standalone, true},
    scheme{"redis+cluster", topology::cluster, false},
    scheme{"rediss+cluster", topology::cluster, true},
    scheme{"valkey+cluster", topology::cluster, false},
    scheme{"valkeys+cluster", topology::cluster, true},
    scheme{"redis+sentinel", topology::sentinel, false},
    scheme{"rediss+sentinel", topology::sentinel, true},
    scheme{"valkey+sentinel", topology::sentinel, false},
    scheme{"valkeys+sentinel", topology::sentinel, true},
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

std::unexpected<base::error> refuse_scheme(std::string_view name) {
  if (name == "http" || name == "https") {
    return refuse_address(
        "http:// leads to a web API, which no Redis client speaks: give the redis:// or rediss:// URL of the database");
  }
  std::vector<std::string_view> names;
  for (const auto& row : schemes) names.push_back(row.name);
  const auto near = base::nearest(name, names);
  return refuse_address("no scheme of a Redis URL: " +
                        (near ? fmt::format("did you mean {}://?", *near)
                              : "it begins with redis://, with TLS rediss://, for many servers redis+cluster:// or "
                                "redis+sentinel://, for a socket unix://"));
}

base::result<void> refuse_unschemed(std::string_view text) {
  return refuse_if({
      {text.starts_with('"') || text.starts_with('\''), "the quotes are part of the URL: leave them out"},
      {text.starts_with("redis-cli") || text.starts_with("valkey-cli"),
       "a whole command stands there: give what follows its -u alone"},
      {text.starts_with('/') || text.starts_with("unix:"), "a socket is written unix:///path/of/the.sock"},
      {true, "no scheme: a Redis URL begins with redis://, or rediss:// for TLS"},
  });
}

/// Reads `user:password`, `user` or `:password`.
base::result<login> read_userinfo(std::string_view text) {
  const auto colon = std::min(text.find(':'), text.size());
  const auto user = text.substr(0, colon);
  if (user.find_first_of("/?#") != user.npos) {
    return refuse_address("before the @ stands no user:password: a password alone is written :password@host");
  }
  const auto password = text.substr(std::min(colon + 1, text.size()));
  return login{.user = decode_loosely(user), .password = base::secret(decode_loosely(password))};
}

/// A name that Sentinel takes for a service: its SENTINEL MONITOR allows no other characters. A number alone is a
/// database whose service was forgotten.
bool is_service(std::string_view text) {
  return !text.empty() && !database_number(text) &&
         base::to_lower(text).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == text.npos;
}

/// Reads the path: a service, where Sentinels are asked and the query has not said it; then the number of a database.
base::result<void> read_path(std::string_view path, address_draft& into) {
  auto steps = base::split(path, '/');
  auto& [to, database] = into;
  const bool by_sentinels = to.kind == topology::sentinel;
  if (by_sentinels && to.service.empty() && !steps.empty()) {
    to.service = decode_loosely(steps.front());
    steps.erase(steps.begin());
  }
  const auto number = steps.empty() ? std::nullopt : database_number(steps.front());
  to.data_login.database = number.value_or(database.value_or(0));
  return refuse_if({
      {by_sentinels && !is_service(to.service),
       "the service is missing that the Sentinels know the primary by: write redis+sentinel://HOST/mymaster, its "
       "database after that"},
      {steps.size() > 1 || (!steps.empty() && !number),
       "the path is no number of a database: write /0; a / in a password as %2F"},
      {number && database && *number != *database, "the path and ?db= name two databases: leave one out"},
      {to.kind == topology::cluster && to.data_login.database != 0,
       "a Cluster has database 0 only: leave the number out, and part its users by store.prefix"},
  });
}

base::result<void> read_network_place(std::string_view place, address_draft& into) {
  const auto end = std::min(place.find_first_of("/#"), place.size());
  const auto path = place.substr(end);
  if (path.contains('#')) {
    return refuse_address("nothing may follow a #: leave it out, or write one of a password as %23");
  }
  const auto port = into.to.kind == topology::sentinel ? default_sentinel_port : default_port;
  auto hosts = read_hosts(place.substr(0, end), port);
  if (!hosts) return base::fail(std::move(hosts).error());
  into.to.hosts = *std::move(hosts);
  if (into.to.kind == topology::standalone && into.to.hosts.size() > 1) {
    return refuse_address(
        "several hosts need to be of a Cluster or Sentinels: write redis+cluster:// or redis+sentinel://");
  }
  return read_path(path, into);
}

base::result<void> read_socket_place(std::string_view place, address_draft& into) {
  constexpr auto longest = sizeof(sockaddr_un::sun_path) - 1;
  const auto path = into.to.socket_path = decode_loosely(place);
  into.to.data_login.database = into.database.value_or(0);
  return refuse_if({
      {!path.starts_with('/'), "a socket has its whole path: write unix:///path/of/the.sock"},
      {path.contains('\0'), "the socket's path holds a NUL"},
      {path.size() > longest, fmt::format("the socket's path has more than {} bytes, which no system takes", longest)},
  });
}

/// What may not stand together.
base::result<void> check(const address& read) {
  const auto& tls = read.tls_settings;
  return refuse_if({
      {!read.tls && tls != tls_options{},
       "the query speaks of TLS and the scheme does not: write rediss://, or leave the ssl_ names out"},
      {tls.certificate_file.empty() && !tls.key_file.empty(),
       "ssl_keyfile is given and ssl_certfile is not: give both"},
      {read.kind != topology::sentinel && (!read.sentinel_login.empty() || !read.service.empty()),
       "service_name and the sentinel_ names are for Sentinels: write redis+sentinel://"},
  });
}

/// Reads an address of which it is decided where its pieces end.
base::result<address> read_pieces(const scheme& by, const pieces& given) {
  address_draft read{.to = {.scheme = std::string(by.name), .kind = by.kind, .tls = by.tls}, .database = {}};
  auto who = read_userinfo(given.userinfo);
  if (!who) return base::fail(std::move(who).error());
  auto done = read_query(given.query, read);
  if (!who->user.empty()) read.to.data_login.user = who->user;
  if (!who->password.empty()) read.to.data_login.password = who->password;
  if (done) done = by.is_socket ? read_socket_place(given.place, read) : read_network_place(given.place, read);
  if (done) done = check(read.to);
  if (!done) return base::fail(std::move(done).error());
  return std::move(read.to);
}

/// Cuts the userinfo off the front: it ends at the last @ of a host, the last one before a / of a socket's path.
pieces cut(const scheme& by, std::string_view text, std::string_view query) {
  const auto at = !by.is_socket ? text.rfind('@') : text.starts_with('/') ? text.npos : text.rfind("@/");
  if (at == text.npos) return {.userinfo = {}, .place = text, .query = query};
  return {.userinfo = text.substr(0, at), .place = text.substr(at + 1), .query = query};
}

/// Reads the text after the scheme. A raw @ or ? may stand in a password or in the query: what makes an address with a
/// query of known names is meant so, else the last @ of all ends the userinfo.
base::result<address> read_body(const scheme& by, std::string_view text) {
  for (auto mark = text.find('?'); mark != text.npos; mark = text.find('?', mark + 1)) {
    const auto query = text.substr(mark + 1);
    if (!is_query(query)) continue;
    if (auto read = read_pieces(by, cut(by, text.substr(0, mark), query))) return read;
  }
  auto given = cut(by, text, {});
  const auto mark = std::min(given.place.find('?'), given.place.size());
  given.query = given.place.substr(std::min(mark + 1, given.place.size()));
  given.place = given.place.substr(0, mark);
  return read_pieces(by, given);
}

}  // namespace

std::unexpected<base::error> refuse_address(std::string_view reason) {
  return base::fail(base::errc::bad_config, std::string(reason));
}

base::result<void> refuse_if(std::initializer_list<objection> all) {
  const auto* const first = std::ranges::find(all, true, &objection::holds);
  if (first == all.end()) return {};
  return refuse_address(first->reason);
}

base::result<address> parse_address(std::string_view text) {
  text = base::trim(text);
  if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
    return refuse_address("a line break or another control character stands in the URL: take it out");
  }
  const auto end = text.find("://");
  if (end == text.npos) return base::fail(refuse_unschemed(text).error());
  const auto name = base::to_lower(text.substr(0, end));
  const auto* const row = std::ranges::find(schemes, name, &scheme::name);
  if (row != schemes.end()) return read_body(*row, text.substr(end + 3));
  if (name.find_first_of("\"' ") != name.npos) return base::fail(refuse_unschemed(text).error());
  return refuse_scheme(name);
}

}  // namespace refrain::redis
