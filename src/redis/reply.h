#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace refrain::redis {

/// What a reply is, RESP2's and RESP3's spellings of one thing taken together.
enum class reply_kind : std::uint8_t {
  nil,
  boolean,  ///< `integer` is 0 or 1
  integer,
  number,  ///< a double or a big number, in `text` as it was spelt
  status,  ///< a simple string, such as OK
  bytes,   ///< a bulk string; a verbatim string without its three letters
  error,   ///< `text` begins with its class: `NOAUTH Authentication required.`
  array,
  set,
  map,   ///< key, value, key, value...
  push,  ///< nobody asked for it; never the answer to a command
};

/// One value that a server sent.
struct reply {
  reply_kind kind = reply_kind::nil;
  std::int64_t integer = 0;
  std::string text;
  std::vector<reply> items;

  [[nodiscard]] bool is(reply_kind wanted) const noexcept { return kind == wanted; }
  /// Whether it is the status OK.
  [[nodiscard]] bool is_ok() const noexcept { return kind == reply_kind::status && text == "OK"; }
  /// An error's first word, such as `MOVED`; empty for any other kind.
  [[nodiscard]] std::string_view error_class() const noexcept;

  friend bool operator==(const reply&, const reply&) = default;
};

/// What commands were answered with, in their order. An error that a server answers with is a reply; an error here is
/// that there is no answer.
using replies = base::result<std::vector<reply>>;

}  // namespace refrain::redis
