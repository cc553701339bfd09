#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "http/body.h"
#include "http/head.h"
#include "http/input.h"
#include "net/connection.h"

namespace refrain::http {

/// An answer's head as it is written. Status line, framing and connection fields are the exchange's to add.
struct reply_head {
  int status = 200;
  std::string fields;  ///< `name: value\r\n` lines

  void add(std::string_view name, std::string_view value) {
    fields.append(name).append(": ").append(value).append("\r\n");
  }
};

/// Limits of a server's connections.
struct session_limits {
  head_limits head;
  std::chrono::milliseconds head_time{10'000};        ///< from a head's first byte to its last
  std::chrono::milliseconds keep_alive_time{75'000};  ///< between requests
  std::chrono::milliseconds body_time{60'000};        ///< without progress of a request's body
  std::uint64_t least_body_rate = 256;                ///< bytes a second of it, once body_time has been waited for it
  std::chrono::milliseconds stall_time{60'000};       ///< a reader of the answer without progress
  std::chrono::milliseconds linger_time{2'000};       ///< to let a refused client read why
  base::byte_count drain{64 << 10};                   ///< of an unread request body, to save the connection

  /// How much longer a body of which so many bytes have come may be waited for: bytes that trickle in one by one end as
  /// silence does. `waited`: for it so far; time in which nobody reads is not the sender's.
  [[nodiscard]] std::chrono::milliseconds body_time_left(std::uint64_t bytes,
                                                         std::chrono::milliseconds waited) const noexcept;
};

/// One request on a server's connection, and the way to answer it: `send` for a whole answer, or `start`, `write`...,
/// `finish` for one that grows. Lives on the connection's loop while its handler runs.
class exchange {
 public:
  /// `head` has been parsed from the front of `arrived`, which keeps its bytes until the exchange ends.
  exchange(net::connection& peer, const session_limits& limits, const request_head& head, input& arrived,
           bool may_keep_alive);

  [[nodiscard]] const request_head& request() const noexcept { return head_; }
  [[nodiscard]] net::connection& peer() noexcept { return peer_; }

  /// The whole body where it has arrived together with the head: the short way, no waiting, no copy.
  [[nodiscard]] std::optional<std::string_view> body_at_hand();

  /// The whole body; the view lives as long as the exchange. Errors: body_too_large, ambiguous_framing,
  /// request_timeout, closed.
  [[nodiscard]] net::task<base::result<std::string_view>> read_body(base::byte_count limit);

  /// The next run of the body, valid until the next call; empty at the end.
  [[nodiscard]] net::task<base::result<std::string_view>> read_some();

  /// A whole answer with its length. For a HEAD the length is said and the body kept back. Head and body must live
  /// until the task is done.
  [[nodiscard]] net::task<base::result<void>> send(const reply_head& head, std::span<const std::string_view> body);
  [[nodiscard]] net::task<base::result<void>> send(const reply_head& head, std::string_view body);

  /// Begins an answer that grows: with its length where that is known, else chunked (or ended by closing, for
  /// HTTP/1.0). Statuses without a body (204, 304) are finished by it. The head goes out with the first write, or by
  /// `flush` where nothing follows at once.
  void start(const reply_head& head, std::optional<std::uint64_t> length);
  [[nodiscard]] net::task<base::result<void>> flush();
  /// The next of the body; `last` ends the answer with it. One that ends with fewer or more bytes than its head has
  /// said stays unfinished.
  [[nodiscard]] net::task<base::result<void>> write(std::span<const std::string_view> pieces, bool last = false);
  [[nodiscard]] net::task<base::result<void>> write(std::string_view piece) { return write(std::span{&piece, 1}); }
  [[nodiscard]] net::task<base::result<void>> finish() { return write({}, true); }

  /// Answers 101 with that head, and gives the connection to the protocol that its Upgrade field names (RFC 9110,
  /// section 7.8). From here on `read_some` gives the client's bytes as they come, those behind its head first, and
  /// waits for them without limit; `write` sends bytes as they are. The connection ends with this exchange.
  [[nodiscard]] net::task<base::result<void>> switch_protocols(const reply_head& head);
  /// After a switch: nothing more will be written; reading goes on.
  [[nodiscard]] net::task<> end_writing() { return peer_.end_writing(limits_.stall_time); }

  /// The answer cannot be completed: the connection is reset, so that the client sees the truncation.
  void abort() noexcept;

  /// The connection ends after this answer.
  void close_after() noexcept { keep_alive_ = false; }

  [[nodiscard]] bool started() const noexcept { return started_; }
  [[nodiscard]] bool finished() const noexcept { return finished_; }
  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] std::uint64_t bytes_sent() const noexcept { return sent_; }

  /// After the handler: leaves the connection clean for the next request, whose first bytes may be in `arrived`
  /// already. False: the connection has to end.
  [[nodiscard]] net::task<bool> prepare_next();

 private:
  [[nodiscard]] net::task<base::result<bool>> fill();
  [[nodiscard]] net::task<base::result<void>> say_continue();
  [[nodiscard]] input& source() noexcept { return arrived_.empty() ? later_ : arrived_; }
  [[nodiscard]] bool body_can_be_drained() const noexcept;
  void write_head(const reply_head& head, std::optional<std::uint64_t> length);

  net::connection& peer_;
  const session_limits& limits_;
  std::chrono::milliseconds wait_for_body_;  ///< for its next bytes
  std::chrono::milliseconds waited_{0};      ///< for all of it
  std::uint64_t arrived_bytes_ = 0;          ///< of it, after the head's read
  const request_head& head_;
  input& arrived_;  ///< never grows while the exchange lives: the head's views point into it
  input later_;     ///< what arrives after
  body_decoder body_;
  std::string collected_;
  std::string out_;  ///< the head, until it is written
  std::string chunk_line_;
  std::vector<std::string_view> pieces_;
  std::uint64_t sent_ = 0;
  int status_ = 0;
  std::optional<std::uint64_t> promised_;  ///< length of an answer that grows
  bool continue_owed_;
  bool keep_alive_;
  bool chunked_ = false;
  bool bodiless_ = false;
  bool switched_ = false;
  bool started_ = false;
  bool finished_ = false;
  bool head_pending_ = false;
};

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7), made once a second and thread.
[[nodiscard]] std::string_view date_now();

/// The reason phrase of a status; empty for one that has none here.
[[nodiscard]] std::string_view reason_of(int status) noexcept;

}  // namespace refrain::http
