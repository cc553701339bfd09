#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/url.h"
#include "redis/login.h"

namespace refrain::redis {

enum class topology : std::uint8_t {
  standalone,  ///< one server, by TCP or a unix socket
  cluster,     ///< the hosts are any nodes of a Redis Cluster; they name the others
  sentinel,    ///< the hosts are Sentinels, which know where the primary is
};

[[nodiscard]] std::string_view to_string(topology kind) noexcept;

/// What an address or the settings say of TLS. A part that is left out says nothing.
struct tls_options {
  std::string ca_file;           ///< PEM; trusted beside the system's own
  std::string certificate_file;  ///< PEM; what this client shows, with the chain below it
  std::string key_file;          ///< PEM; empty: the key stands in `certificate_file`
  std::optional<bool> verify;    ///< whether the server's certificate must be good; it must where nothing is said
  std::optional<bool> check_host;

  /// These, and from `others` what these leave out. A certificate comes together with its key.
  [[nodiscard]] tls_options or_else(const tls_options& others) const;
  friend bool operator==(const tls_options&, const tls_options&) = default;
};

/// A name and a value that may be shown to anyone.
struct address_part {
  std::string name;
  std::string value;
  friend bool operator==(const address_part&, const address_part&) = default;
};

/// Where a Redis or Valkey is and how to come in, as a URL says it:
///
///     redis://[[user]:password@]host[:port][/database]         rediss:// with TLS; also valkey://, valkeys://
///     redis+cluster://[...@]host[:port],host[:port]...         rediss+cluster://
///     redis+sentinel://[...@]host[:port],.../service[/database]  rediss+sentinel://
///     unix://[[user]:password@]/path/of/the.sock[?db=1]        also redis+unix://, redis+socket://
///
/// The names that redis-py reads from a query are read here: `db`, `username`, `password`, `ssl_ca_certs`,
/// `ssl_certfile`, `ssl_keyfile`, `ssl_cert_reqs`, `ssl_check_hostname`; and for Sentinel `service_name`,
/// `sentinel_username`, `sentinel_password`.
struct address {
  std::string scheme;  ///< as given, in lower case
  topology kind = topology::standalone;
  bool tls = false;
  std::vector<base::endpoint> hosts;  ///< lower case, IPv6 without brackets; empty for a unix socket
  std::string socket_path;            ///< of a unix socket; empty for TCP
  login data_login;                   ///< for the servers that hold the data
  login sentinel_login;               ///< for the Sentinels themselves; empty: they ask for none
  std::string service;                ///< the name that Sentinels know the primary by
  tls_options tls_settings;           ///< empty without TLS
  std::vector<std::string> ignored;   ///< names in the query that other clients know and that mean nothing here

  /// The URL in full, with `***` for each password, and for a user that stands alone: it may be a password that lacks
  /// its colon. Where nothing is hidden, it is read as an equal address.
  [[nodiscard]] std::string masked() const;

  /// Notes where the logins come from. `url`: what the URL is from, or the variables that it was made of, as
  /// `refrain config` shows it: "REDIS_URL in .env", or "REDIS_HOST in .env, REDIS_PASSWORD in the environment".
  void note_origin(std::string_view url);

  /// Where it is and nothing else, for logs: `rediss://cache.example:6379/0`.
  [[nodiscard]] std::string location() const;

  /// Its parts in the order in which a person reads them, without any secret; of TLS too what `others` say where it
  /// says nothing.
  [[nodiscard]] std::vector<address_part> parts(const tls_options& others = {}) const;

  /// The hosts without their ports. The certificate of a server that others announce may bear one of these: a Cluster
  /// of which each node has the one certificate announces addresses that it does not bear.
  [[nodiscard]] std::vector<std::string> names() const;

  /// The same place, logins and options; what is ignored does not count.
  friend bool operator==(const address& one, const address& other);
};

/// Reads such a URL. Userinfo ends at the last @ before the path, so a raw #, @, / or ? in a password works; user and
/// password are percent-decoded, and a % without two hex digits stands for itself. Fails with bad_config and a context
/// that says the fault and the remedy and repeats nothing of the text that could be a secret.
[[nodiscard]] base::result<address> parse_address(std::string_view text);

}  // namespace refrain::redis
