#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "mock/options.h"

namespace refrain::mock {

/// A header field as it stood on the wire: name in its own case, value trimmed.
struct header {
  std::string name;
  std::string value;
};

/// Where a connection is reset.
enum class reset_point : std::uint8_t { none, before_head, after_head, mid_body };

/// How one call is answered: pace, faults and shape. "Event" is a chunk of a stream, or the whole body of a plain
/// answer.
struct behaviour {
  std::chrono::milliseconds latency{0};      ///< x-mock-latency-ms
  std::chrono::milliseconds gap{0};          ///< x-mock-gap-ms
  unsigned status = 200;                     ///< x-mock-status; 200 answers as usual
  std::string retry_after{};                 ///< x-mock-retry-after: sent with an error; empty: 1 on 429 and 503
  std::optional<std::uint64_t> truncate{};   ///< x-mock-truncate: close after so many body bytes
  std::optional<double> truncate_share{};    ///< the same as a share of the body; by chance only
  std::optional<std::size_t> stall{};        ///< x-mock-stall: fall silent after so many events
  reset_point reset = reset_point::none;     ///< x-mock-reset: before-head, after-head or mid-body
  std::optional<std::size_t> error_event{};  ///< x-mock-error-event: an error ends the stream after so many events
  std::string finish{};                      ///< x-mock-finish: overrides the finish reason
  std::size_t text_bytes = 0;                ///< x-mock-bytes: length of the text
  std::size_t tokens_per_chunk = 1;          ///< x-mock-chunk
  std::size_t tool_calls = 1;                ///< x-mock-tools: calls an answer makes where tools are offered
  std::string encoding{};                    ///< x-mock-encoding: a Content-Encoding label; the bytes stay plain
  bool until_close = false;                  ///< x-mock-until-close: the body ends with the connection
  bool no_usage = false;                     ///< x-mock-no-usage: usage is left out
  bool no_done = false;                      ///< x-mock-no-done: a stream ends without its terminator
  std::size_t items_missing = 0;             ///< x-mock-missing: so many are left out at the end of a list of results
  bool items_reversed = false;               ///< x-mock-reversed: a list of results comes in reverse order
};

/// The options, overridden by the call's x-mock-* headers. The chances are drawn from the seed and `call` (the call's
/// number), and only where no header names a fault. Error: a header that is no control, or a bad value.
[[nodiscard]] base::result<behaviour> behaviour_of(const options& defaults, const std::vector<header>& headers,
                                                   std::uint64_t call);

}  // namespace refrain::mock
