#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <utility>
#include <variant>

#include "base/text.h"
#include "redis/address_parts.h"

namespace refrain::redis {
namespace {

/// How a yes and a no may be spelt, in any case; the first of each is how it is written here.
struct spelling {
  std::array<std::string_view, 5> yes;
  std::array<std::string_view, 5> no;
};

/// redis-py's words, and those that Celery writes. In a client, `optional` is `required` by another name: Python's
/// ssl.CERT_OPTIONAL.
constexpr spelling verification{{"required", "optional", "cert_required", "cert_optional"}, {"none", "cert_none"}};
/// redis-py's words again.
constexpr spelling truth{{"true", "t", "1", "yes", "y"}, {"false", "f", "0", "no", "n"}};

/// What a name of the query sets.
using slot = std::variant<std::string*, base::secret*, std::optional<unsigned>*, std::optional<bool>*>;

struct option {
  std::string_view name;
  std::string_view form;  ///< what a right value is
  slot (*in)(address_draft& draft);
  const spelling* words = nullptr;  ///< of a yes or no
};

constexpr std::array options{
    option{"db", "the number of a database", [](auto& draft) -> slot { return &draft.database; }},
    option{"username", "a user", [](auto& draft) -> slot { return &draft.to.data_login.user; }},
    option{"password", "a password", [](auto& draft) -> slot { return &draft.to.data_login.password; }},
    option{"service_name", "the name that the Sentinels know the primary by",
           [](auto& draft) -> slot { return &draft.to.service; }},
    option{"sentinel_username", "a user", [](auto& draft) -> slot { return &draft.to.sentinel_login.user; }},
    option{"sentinel_password", "a password", [](auto& draft) -> slot { return &draft.to.sentinel_login.password; }},
    option{"ssl_ca_certs", "the path of a PEM file",
           [](auto& draft) -> slot { return &draft.to.tls_settings.ca_file; }},
    option{"ssl_certfile", "the path of a PEM file",
           [](auto& draft) -> slot { return &draft.to.tls_settings.certificate_file; }},
    option{"ssl_keyfile", "the path of a PEM file",
           [](auto& draft) -> slot { return &draft.to.tls_settings.key_file; }},
    option{"ssl_cert_reqs", "required or none", [](auto& draft) -> slot { return &draft.to.tls_settings.verify; },
           &verification},
    option{"ssl_check_hostname", "true or false", [](auto& draft) -> slot { return &draft.to.tls_settings.check_host; },
           &truth},
};

/// What redis-py, node-redis, ioredis, go-redis, Lettuce, Predis and Celery read from URLs beside those: time limits,
/// pools and encodings, which are settings of their own here or have no meaning. `skip_verify` is one of them: TLS is
/// checked unless `ssl_cert_reqs` or redis.tls_verify say else.
constexpr auto names_of_others = std::to_array<std::string_view>({"client_name",
                                                                  "connect_timeout",
                                                                  "decode_responses",
                                                                  "encoding",
                                                                  "encoding_errors",
                                                                  "family",
                                                                  "lib_name",
                                                                  "lib_version",
                                                                  "health_check_interval",
                                                                  "max_connections",
                                                                  "protocol",
                                                                  "retry_on_error",
                                                                  "retry_on_timeout",
                                                                  "socket_timeout",
                                                                  "socket_read_size",
                                                                  "socket_keepalive",
                                                                  "socket_connect_timeout",
                                                                  "timeout",
                                                                  "ssl_min_version",
                                                                  "ssl_ciphers",
                                                                  "ssl_ca_path",
                                                                  "skip_verify",
                                                                  "pool_size",
                                                                  "pool_timeout",
                                                                  "pool_fifo",
                                                                  "min_idle_conns",
                                                                  "max_idle_conns",
                                                                  "max_active_conns",
                                                                  "max_retries",
                                                                  "min_retry_backoff",
                                                                  "max_retry_backoff",
                                                                  "dial_timeout",
                                                                  "read_timeout",
                                                                  "write_timeout",
                                                                  "idle_timeout",
                                                                  "idle_check_frequency",
                                                                  "max_conn_age",
                                                                  "conn_max_idle_time",
                                                                  "conn_max_lifetime",
                                                                  "context_timeout_enabled",
                                                                  "identity_suffix",
                                                                  "unstable_resp3",
                                                                  "connectTimeout",
                                                                  "commandTimeout",
                                                                  "keepAlive",
                                                                  "keyPrefix",
                                                                  "lazyConnect",
                                                                  "maxRetriesPerRequest",
                                                                  "enableReadyCheck",
                                                                  "enableOfflineQueue",
                                                                  "allowUsernameInURI",
                                                                  "clientName",
                                                                  "libraryName",
                                                                  "libraryVersion",
                                                                  "verifyPeer",
                                                                  "read_write_timeout",
                                                                  "persistent",
                                                                  "tcp_nodelay",
                                                                  "async_connect",
                                                                  "reconnect_attempts",
                                                                  "virtual_host",
                                                                  "visibility_timeout"});

const option* find_option(std::string_view name) {
  const auto* const row = std::ranges::find(options, name, &option::name);
  return row == options.end() ? nullptr : row;
}

bool is_known(std::string_view name) {
  return find_option(name) != nullptr || std::ranges::find(names_of_others, name) != names_of_others.end();
}

/// Puts a value where it belongs; false where it cannot be one.
struct value_reader {
  std::string value;
  const spelling* words;

  bool operator()(std::string* into) {
    *into = std::move(value);
    return true;
  }
  bool operator()(base::secret* into) {
    *into = base::secret(std::move(value));
    return true;
  }
  bool operator()(std::optional<unsigned>* into) {
    *into = database_number(value);
    return into->has_value();
  }
  bool operator()(std::optional<bool>* into) {
    const auto word = base::to_lower(value);
    *into = std::ranges::find(words->yes, word) != words->yes.end();
    return **into || std::ranges::find(words->no, word) != words->no.end();
  }
};

/// The value in the form in which it is read again; empty where there is none.
struct value_printer {
  const spelling* words;

  std::string operator()(const std::string* value) { return base::percent_encode(*value, "/"); }
  std::string operator()(const base::secret* value) { return value->empty() ? "" : "***"; }
  std::string operator()(const std::optional<unsigned>* value) { return *value ? std::to_string(**value) : ""; }
  std::string operator()(const std::optional<bool>* value) {
    return *value ? std::string(**value ? words->yes.front() : words->no.front()) : "";
  }
};

/// Only a name that is nearly right is worth repeating; any other might be a piece of a password.
std::unexpected<base::error> refuse_name(std::string_view name) {
  std::vector<std::string_view> known;
  for (const auto& row : options) known.push_back(row.name);
  const auto near = base::nearest(name, known);
  return refuse_address(
      near ? fmt::format("the query's name '{}' is unknown: did you mean {}?", name, *near)
           : fmt::format("the query holds an unknown name: leave it out, or write one of {}", fmt::join(known, ", ")));
}

}  // namespace

base::result<void> read_query(std::string_view query, address_draft& into) {
  std::set<std::string_view> seen;
  for (const auto piece : base::split(query, '&')) {
    const auto name = piece.substr(0, piece.find('='));
    const auto value = piece.substr(std::min(name.size() + 1, piece.size()));
    if (!is_known(name)) return refuse_name(name);
    if (!seen.insert(name).second) {
      return refuse_address(fmt::format("{} stands twice in the query: leave one out", name));
    }
    const auto* const row = find_option(name);
    if (row == nullptr) {
      into.to.ignored.emplace_back(name);
    } else if (value.empty()) {
      continue;  // as an empty variable, it says nothing
    } else if (!std::visit(value_reader{decode_loosely(value), row->words}, row->in(into))) {
      return refuse_address(fmt::format("{} in the query is not right: give {}", name, row->form));
    }
  }
  return {};
}

bool is_query(std::string_view text) {
  const auto pieces = base::split(text, '&');
  const auto has_known_name = [](std::string_view piece) { return is_known(piece.substr(0, piece.find('='))); };
  return !pieces.empty() && std::ranges::all_of(pieces, has_known_name);
}

std::string print_query(const address& from) {
  address_draft shown{.to = from, .database = {}};
  // These stand before the query.
  if (!from.socket_path.empty() && from.data_login.database != 0) shown.database = from.data_login.database;
  shown.to.data_login = {};
  shown.to.service.clear();
  std::string text;
  for (const auto& row : options) {
    const auto value = std::visit(value_printer{row.words}, row.in(shown));
    if (!value.empty()) text += fmt::format("{}{}={}", text.empty() ? '?' : '&', row.name, value);
  }
  return text;
}

std::string decode_loosely(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto escape = text.starts_with('%') ? base::percent_decode(text.substr(0, 3)) : std::nullopt;
    out += escape ? *escape : std::string(1, text.front());
    text.remove_prefix(escape ? 3 : 1);
  }
  return out;
}

std::optional<unsigned> database_number(std::string_view text) noexcept {
  const auto number = base::to_integer<unsigned>(text);
  if (!number || *number > static_cast<unsigned>(std::numeric_limits<std::int32_t>::max())) return std::nullopt;
  return number;
}

}  // namespace refrain::redis
