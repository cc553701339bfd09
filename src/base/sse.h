#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace refrain::base {

/// One event of a stream. The views live until the parser is called again.
struct sse_event {
  std::uint64_t offset = 0;  ///< of its first byte in the stream
  std::uint64_t length = 0;  ///< up to and with its blank line; comments and fields before it count as its own
  std::string_view type;     ///< `event`; empty means "message"
  std::string_view data;     ///< its `data` lines, joined with line feeds
  std::string_view id;       ///< the last `id` seen so far in the stream
};

/// Reads server-sent events (WHATWG HTML, section 9.2.6, "Interpreting an event stream") from bytes that arrive in
/// pieces of any size; what it finds does not depend on where they were cut. Text is handed on as it came: invalid
/// UTF-8 is not replaced. One thread.
///
///     parser.feed(bytes);
///     while (const auto event = parser.next()) ...
///
/// An event is given once the byte after a carriage return is known, as a line feed there is part of its blank line.
class sse_parser {
 public:
  /// `max_event`: bytes that one event may have, comments included.
  explicit sse_parser(byte_count max_event) : max_event_(max_event) {}

  /// Takes the next bytes, which must live until next() has found no further event in them.
  void feed(std::string_view bytes);

  /// No bytes will follow; next() may have one more event. One without its blank line is no event.
  void finish();

  [[nodiscard]] std::optional<sse_event> next();

  /// Bytes from the start that are whole events, or comments with their blank line.
  [[nodiscard]] std::uint64_t whole() const noexcept { return block_start_; }

  /// Lines so far that are not empty, blank or comments; one that has no end yet counts too. What stands without data,
  /// `event`, `id` or `retry` up to a blank line, says nothing and is left out.
  [[nodiscard]] std::uint64_t field_lines() const noexcept;

  /// An event was over the limit: there will be none from here on.
  [[nodiscard]] bool too_large() const noexcept { return too_large_; }

 private:
  bool next_line();
  bool complete_line(std::string_view rest);
  void skip(std::size_t bytes);
  std::optional<sse_event> end_block();
  void read_field(std::string_view line);

  byte_count max_event_;
  std::string_view input_;  // fed, not yet read
  std::string partial_;     // a line's beginning from earlier pieces
  std::string_view line_;   // what next_line found: in partial_ or in the fed bytes
  std::string type_;
  std::string data_;
  std::string id_;
  std::uint64_t position_ = 0;  // of input_'s first byte in the stream
  std::uint64_t block_start_ = 0;
  std::uint64_t field_lines_ = 0;
  std::uint64_t aside_lines_ = 0;  // among them, of this block: that are left out where it has no data
  bool line_told_ = false;         // partial_ holds a line that was read already
  bool event_told_ = false;        // type_ and data_ hold an event that was given already
  bool held_return_ = false;       // the line in partial_ ended with CR: a line feed may follow
  bool first_line_ = true;
  bool has_data_ = false;
  bool finished_ = false;
  bool too_large_ = false;
};

}  // namespace refrain::base
