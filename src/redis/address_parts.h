#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "redis/address.h"

/// The parts that an address is read from and written as. For the files of redis/address alone.
namespace refrain::redis {

/// An address that is being read.
struct address_draft {
  address to;
  std::optional<unsigned> database;  ///< what the query says; the path may say it too
};

/// Reads the query of an address, which comes without its question mark. Fails with bad_config on a value that cannot
/// be, a name that stands twice, and a name that nobody knows: then with the nearest right one.
[[nodiscard]] base::result<void> read_query(std::string_view query, address_draft& into);

/// Whether each of its names is one that is known. Where a password has a raw question mark, this tells the query from
/// the password's end.
[[nodiscard]] bool is_query(std::string_view text);

/// What of an address stands in its query, the question mark before it, with `***` for passwords; empty for nothing.
[[nodiscard]] std::string print_query(const address& from);

/// Reads `host`, `host:port`, `[v6]` or `[v6]:port`, several with commas between them; `port` counts where none is
/// given. Fails with bad_config and a context that repeats nothing, since what stands here may be a password whose @
/// was forgotten.
[[nodiscard]] base::result<std::vector<base::endpoint>> read_hosts(std::string_view text, std::uint16_t port);

/// The same written down: with their ports, IPv6 in brackets and its zone as RFC 6874 has it.
[[nodiscard]] std::string print_hosts(const std::vector<base::endpoint>& hosts, std::string_view separator);

/// Percent-decoding that leaves a % as it is where no two hex digits follow.
[[nodiscard]] std::string decode_loosely(std::string_view text);

/// The number of a database: decimal, within what SELECT takes.
[[nodiscard]] std::optional<unsigned> database_number(std::string_view text) noexcept;

/// What may be wrong with an address, and what to say of it: the fault and the remedy.
struct objection {
  bool holds;
  std::string_view reason;
};

/// Fails with bad_config and the first of the reasons that holds.
[[nodiscard]] base::result<void> refuse_if(std::initializer_list<objection> all);
[[nodiscard]] std::unexpected<base::error> refuse_address(std::string_view reason);

}  // namespace refrain::redis
