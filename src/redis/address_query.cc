#include "redis/address_query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <set>

#include "base/text.h"

namespace refrain::redis {
namespace {

bool take_text(std::string& into, std::string value) {
  into = std::move(value);
  return true;
}

bool take_secret(base::secret& into, std::string value) {
  into = base::secret(std::move(value));
  return true;
}

/// redis-py's words, and those that Celery writes.
bool take_verify(std::optional<bool>& into, std::string_view value) {
  auto word = base::to_lower(value);
  if (word.starts_with("cert_")) word.erase(0, 5);
  // In a client, `optional` is `required` by another name: Python's ssl.CERT_OPTIONAL.
  if (word != "required" && word != "optional" && word != "none") return false;
  into = word != "none";
  return true;
}

/// redis-py's words again.
bool take_truth(std::optional<bool>& into, std::string_view value) {
  const auto word = base::to_lower(value);
  static constexpr std::array<std::string_view, 5> yes{"true", "t", "1", "yes", "y"};
  static constexpr std::array<std::string_view, 5> no{"false", "f", "0", "no", "n"};
  into = std::ranges::find(yes, word) != yes.end();
  return *into || std::ranges::find(no, word) != no.end();
}

struct option {
  std::string_view name;
  std::string_view form;  ///< what a right value is
  bool (*take)(address_query& into, std::string value);
};

constexpr std::array options{
    option{"db", "the number of a database",
           [](address_query& into, std::string value) {
             into.database = database_number(value);
             return into.database.has_value();
           }},
    option{"username", "a user",
           [](address_query& into, std::string value) { return take_text(into.credentials.user, std::move(value)); }},
    option{"password", "a password",
           [](address_query& into, std::string value) {
             return take_secret(into.credentials.password, std::move(value));
           }},
    option{"service_name", "the name that the Sentinels know the primary by",
           [](address_query& into, std::string value) { return take_text(into.service, std::move(value)); }},
    option{
        "sentinel_username", "a user",
        [](address_query& into, std::string value) { return take_text(into.sentinel_login.user, std::move(value)); }},
    option{"sentinel_password", "a password",
           [](address_query& into, std::string value) {
             return take_secret(into.sentinel_login.password, std::move(value));
           }},
    option{"ssl_ca_certs", "the path of a PEM file",
           [](address_query& into, std::string value) { return take_text(into.tls.ca_file, std::move(value)); }},
    option{
        "ssl_certfile", "the path of a PEM file",
        [](address_query& into, std::string value) { return take_text(into.tls.certificate_file, std::move(value)); }},
    option{"ssl_keyfile", "the path of a PEM file",
           [](address_query& into, std::string value) { return take_text(into.tls.key_file, std::move(value)); }},
    option{"ssl_cert_reqs", "required or none",
           [](address_query& into, std::string value) { return take_verify(into.tls.verify, value); }},
    option{"ssl_check_hostname", "true or false",
           [](address_query& into, std::string value) { return take_truth(into.tls.check_host, value); }},
};

/// What redis-py, node-redis and ioredis read from URLs beside those: time limits, pools and encodings, which are
/// settings of their own here or have no meaning.
constexpr std::array<std::string_view, 17> names_of_others{
    "client_name",     "connect_timeout",  "decode_responses", "encoding",
    "encoding_errors", "family",           "lib_name",         "health_check_interval",
    "max_connections", "protocol",         "retry_on_error",   "retry_on_timeout",
    "socket_timeout",  "socket_read_size", "socket_keepalive", "socket_connect_timeout",
    "timeout"};

const option* find_option(std::string_view name) {
  const auto* const row = std::ranges::find(options, name, &option::name);
  return row == options.end() ? nullptr : row;
}

bool is_of_others(std::string_view name) { return std::ranges::find(names_of_others, name) != names_of_others.end(); }

/// Only a name that is nearly right is worth repeating; any other might be a piece of a password.
base::error unknown_name(std::string_view name) {
  std::vector<std::string_view> known;
  for (const auto& row : options) known.push_back(row.name);
  const auto near = base::nearest(name, known);
  return {.code = base::errc::bad_config,
          .context = near ? fmt::format("the query's name '{}' is unknown: did you mean {}?", name, *near)
                          : fmt::format("the query holds an unknown name: leave it out, or write one of {}",
                                        fmt::join(known, ", "))};
}

}  // namespace

base::result<address_query> read_query(std::string_view query) {
  address_query read;
  std::set<std::string_view> seen;
  for (const auto piece : base::split(query, '&')) {
    const auto name = piece.substr(0, piece.find('='));
    const auto value = piece.substr(std::min(name.size() + 1, piece.size()));
    const auto* const row = find_option(name);
    if (row == nullptr && !is_of_others(name)) return base::fail(unknown_name(name));
    if (!seen.insert(name).second) {
      return base::fail(base::errc::bad_config, fmt::format("{} stands twice in the query: leave one out", name));
    }
    if (row == nullptr) {
      read.ignored.emplace_back(name);
    } else if (value.empty()) {
      continue;  // as an empty variable, it says nothing
    } else if (!row->take(read, decode_loosely(value))) {
      return base::fail(base::errc::bad_config, fmt::format("{} in the query is not right: give {}", name, row->form));
    }
  }
  return read;
}

bool is_query(std::string_view text) {
  const auto pieces = base::split(text, '&');
  return !pieces.empty() && std::ranges::all_of(pieces, [](std::string_view piece) {
    const auto name = piece.substr(0, piece.find('='));
    return find_option(name) != nullptr || is_of_others(name);
  });
}

std::string decode_loosely(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto at = std::min(text.find('%'), text.size());
    out.append(text.substr(0, at));
    text.remove_prefix(at);
    const auto escape = text.substr(0, 3);
    if (const auto byte = escape.size() == 3 ? base::percent_decode(escape) : std::nullopt) {
      out.append(*byte);
      text.remove_prefix(3);
    } else if (!text.empty()) {
      out.push_back('%');
      text.remove_prefix(1);
    }
  }
  return out;
}

std::optional<unsigned> database_number(std::string_view text) noexcept {
  const auto number = base::to_integer<unsigned>(text);
  if (!number || *number > static_cast<unsigned>(std::numeric_limits<std::int32_t>::max())) return std::nullopt;
  return number;
}

}  // namespace refrain::redis
