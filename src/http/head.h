#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace refrain::http {

/// One header field. The views live as long as the bytes that were parsed.
struct field {
  std::string_view name;
  std::string_view value;
};
using fields_view = std::span<const field>;

/// The first field of that name, ASCII case ignored.
[[nodiscard]] std::optional<std::string_view> find_field(fields_view fields, std::string_view name) noexcept;
/// Whether a comma-separated list field holds the token, over all fields of that name (RFC 9110, section 5.6.1).
[[nodiscard]] bool has_token(fields_view fields, std::string_view name, std::string_view token) noexcept;

/// How a message's body ends (RFC 9112, section 6.3).
enum class framing : std::uint8_t { none, length, chunked, until_close };

/// What both kinds of head share.
struct message_head {
  std::vector<field> fields;
  framing body = framing::none;
  std::uint64_t length = 0;  ///< for framing::length
  bool keep_alive = true;    ///< the sender lets the connection live on

  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept {
    return find_field(fields, name);
  }
};

struct request_head : message_head {
  std::string_view method;
  std::string_view target;  ///< as sent; origin form, or absolute form
  bool http_1_0 = false;
  bool expects_continue = false;
};

struct response_head : message_head {
  int status = 0;
  std::string_view reason;
};

/// Whether the request wants to go on in WebSocket, as one without a body (RFC 6455, section 4.1; RFC 9110, section
/// 7.8).
[[nodiscard]] bool asks_for_websocket(const request_head& head) noexcept;

/// Limits of a head, in bytes and fields.
struct head_limits {
  std::size_t bytes = 32 << 10;
  std::size_t fields = 100;
};

/// Bytes that the head at the start of `input` takes, its empty line included; 0 while it is incomplete. `scanned` is
/// the caller's memory of how far earlier calls have looked. Fails with head_too_large, and with malformed_request
/// where its lines end by bare line feeds.
[[nodiscard]] base::result<std::size_t> measure_head(std::string_view input, std::size_t& scanned,
                                                     const head_limits& limits);

/// Parses a complete head, strictly (RFC 9112): bare line feeds, folded lines, control characters, blanks before a
/// colon, differing or repeated lengths, a length beside a transfer coding, any coding but one final `chunked`, a
/// transfer coding in HTTP/1.0, any number of Host fields but one (HTTP/1.0: or none), and a second Content-Type are
/// ambiguous_framing or malformed_request. Fields that Connection names are left out: they are meant for this hop
/// alone, so nothing that follows may go by them. `into` keeps its storage between calls.
[[nodiscard]] base::result<void> parse_request_head(std::string_view head, const head_limits& limits,
                                                    request_head& into);

/// The same for a response; a status outside 100 to 599 is malformed too. `answers_head`: the request was a HEAD, so no
/// body follows. What follows a 101 is no body either, but all that comes until the connection ends.
[[nodiscard]] base::result<void> parse_response_head(std::string_view head, const head_limits& limits,
                                                     bool answers_head, response_head& into);

}  // namespace refrain::http
