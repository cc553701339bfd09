#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "redis/address.h"

namespace refrain::redis {

/// What the query of an address says.
struct address_query {
  std::optional<unsigned> database;
  login credentials;
  login sentinel_login;
  std::string service;
  tls_options tls;
  std::vector<std::string> ignored;
};

/// Reads the query of an address, which comes without its question mark. Fails with bad_config on a value that cannot
/// be, a name that stands twice, and a name that nobody knows: then with the nearest right one.
[[nodiscard]] base::result<address_query> read_query(std::string_view query);

/// Whether each of its names is one that is known. Where a password has a raw question mark, this tells the query from
/// the password's end.
[[nodiscard]] bool is_query(std::string_view text);

/// Percent-decoding that leaves a % as it is where no two hex digits follow.
[[nodiscard]] std::string decode_loosely(std::string_view text);

/// The number of a database: decimal, within what SELECT takes.
[[nodiscard]] std::optional<unsigned> database_number(std::string_view text) noexcept;

}  // namespace refrain::redis
