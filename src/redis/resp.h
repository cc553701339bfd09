#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "redis/reply.h"

namespace refrain::redis {

/// How large and how deep a reply may be: more than any real reply.
struct resp_limits {
  std::size_t bytes = 64ull << 20;  ///< of one string
  std::size_t items = 1ull << 20;   ///< of one aggregate
  std::size_t depth = 16;
};

/// Takes a server's bytes as they come and gives whole replies: RESP3, and RESP2, which is a part of it
/// (https://redis.io/docs/latest/develop/reference/protocol-spec/). Attributes are read and dropped; streamed strings
/// and aggregates, which no server sends, are refused. No sockets, no clock.
class resp_reader {
 public:
  explicit resp_reader(resp_limits limits = {}) noexcept : limits_(limits) {}

  void feed(std::string_view bytes);

  /// The next reply; nothing where its bytes have not all come. After an error, always the same: nobody knows where the
  /// next reply would begin. Errors: upstream_protocol.
  [[nodiscard]] base::result<std::optional<reply>> next();

  /// Whether bytes of a reply are at hand that is not whole.
  [[nodiscard]] bool is_inside() const noexcept { return at_ < buffer_.size() || !open_.empty(); }

 private:
  /// An aggregate whose elements are still coming.
  struct frame {
    reply value;
    std::size_t missing = 0;
    bool attribute = false;  ///< dropped when it is whole
  };

  [[nodiscard]] std::optional<std::string_view> next_line();
  [[nodiscard]] bool read_value(std::string_view line);
  [[nodiscard]] bool read_string(char type, std::string_view length);
  [[nodiscard]] bool open_aggregate(char type, std::string_view length);
  void close_value(reply whole);
  bool refuse(std::string_view why);

  resp_limits limits_;
  std::string buffer_;
  std::size_t at_ = 0;       ///< what has been read of the buffer
  std::size_t scanned_ = 0;  ///< where the search for a line's end goes on
  std::vector<frame> open_;
  std::optional<std::size_t> string_;  ///< length of the string whose bytes come next
  bool verbatim_ = false;              ///< that string begins with three letters and a colon
  bool failing_ = false;               ///< that string is a RESP3 blob error
  std::optional<reply> done_;
  std::string fault_;  ///< empty while all is well
};

}  // namespace refrain::redis
