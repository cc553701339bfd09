#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mock/behaviour.h"

namespace refrain::mock {

/// One request as a route sees it. All that an answer depends on is in here: clock and chance included.
struct call {
  std::uint64_t number = 0;                    ///< counts from 1 for the life of the server
  std::uint64_t run = 0;                       ///< differs from one server to the next, so that ids never repeat
  std::chrono::system_clock::time_point at{};  ///< when its head had been read
  std::string method;                          ///< in capitals
  std::string target;                          ///< path and query as they stood on the wire
  std::vector<header> headers;                 ///< in the order of the wire
  std::string body;                            ///< whole; empty while a streamed route runs
  behaviour how{};                             ///< how it is to be answered

  [[nodiscard]] std::string_view path() const;
  /// The first member of the query with that name, percent-decoded (RFC 3986, section 2.1); nothing where it is not
  /// there.
  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
  /// The first field of that name, whatever its case; empty where there is none.
  [[nodiscard]] std::string_view field(std::string_view name) const;
  /// What `Authorization` shows after that scheme, such as "Bearer", whatever its case; empty where it shows another.
  [[nodiscard]] std::string_view authorization(std::string_view scheme) const;
  /// `at` in whole seconds since the epoch.
  [[nodiscard]] std::int64_t seconds() const;
  /// A text of 24 hex digits that no other call has.
  [[nodiscard]] std::string unique() const;
  /// A UUID that no other call has.
  [[nodiscard]] std::string uuid() const;
};

/// An answer before faults and pace come to it: what would be sent if all went well.
struct answer {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::vector<header> headers{};      ///< beyond Date, Content-Type and those of the framing
  bool chunked = false;               ///< chunked transfer coding, one piece a chunk; else Content-Length
  std::vector<std::string> pieces{};  ///< the body, in the pieces that are written one by one

  /// Bytes of the whole body.
  [[nodiscard]] std::uint64_t size() const {
    std::uint64_t sum = 0;
    for (const auto& piece : pieces) sum += piece.size();
    return sum;
  }
};

/// Why a call is turned down, before a dialect gives it its shape.
struct refusal {
  unsigned status = 500;
  std::string message;
  std::string param{};  ///< the member at fault; empty: none
  std::string code{};   ///< the provider's own word for the fault; empty: none
};

}  // namespace refrain::mock
