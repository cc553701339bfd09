#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/async.h"
#include "net/loop.h"

namespace refrain::net {

/// A byte stream to a peer: TCP, or TLS over it. It belongs to one loop and is used on that loop's thread alone; one
/// read and one write may be under way at once.
///
/// A time limit closes the connection when it falls due, which ends what is under way with errc::closed; `timed_out`
/// then tells why.
class connection {
 public:
  struct transport;  // connection_transport.h: the sockets, kept out of everyone's headers

  connection(loop& home, std::unique_ptr<transport> stream);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// Reads what is there, at least one byte; 0 at a clean end of the stream. TLS that ends without its closing alert
  /// is an error, as the end may be forged.
  [[nodiscard]] task<base::result<std::size_t>> read_some(std::span<char> into);

  /// Writes all pieces, in one gather write where the socket takes it. `stall` limits the time without progress.
  [[nodiscard]] task<base::result<void>> write(std::span<const std::string_view> pieces,
                                               std::chrono::milliseconds stall = std::chrono::seconds{60});

  /// Whether it is open and nothing has arrived that nobody asked for: only then may it be used again (invariant 2).
  [[nodiscard]] bool is_quiet() noexcept;

  /// Calls back, once and on the loop, when the peer has gone: a reset or the end of its stream; not before the next
  /// tick of the loop's deadlines. Bytes that arrive end the watch without a call; in TLS it goes on, since they may be
  /// a closing alert. To read ends it too.
  void watch_hangup(std::function<void()> gone);
  void unwatch_hangup() noexcept;

  /// Restarts the limit on the whole connection; `clear_limit` lifts it.
  void limit(std::chrono::milliseconds from_now) { limit_.arm(from_now); }
  void clear_limit() noexcept { limit_.disarm(); }
  [[nodiscard]] bool timed_out() const noexcept { return timed_out_; }

  /// Says that nothing more will be written, in TLS by its closing alert too (RFC 8446, section 6.1); reading goes on.
  /// Not while a write is under way. A peer that takes nothing for as long as `stall` is cut off.
  [[nodiscard]] task<> end_writing(std::chrono::milliseconds stall);
  /// Ends it so that the peer can still read what it was sent: closing on bytes that nobody has read would reset the
  /// connection. Drops what comes until the peer ends too, for as long as `timeout`.
  [[nodiscard]] task<> finish(std::chrono::milliseconds timeout);
  /// Ends it; what is under way ends with errc::closed. Safe to repeat.
  void close() noexcept;
  /// Ends it so that the peer sees a reset: it must not take what it got for a whole answer.
  void abort() noexcept;
  [[nodiscard]] bool is_open() const noexcept;

  [[nodiscard]] loop& home() noexcept { return home_; }
  /// For the files of net/ that make connections.
  [[nodiscard]] transport& stream() noexcept { return *stream_; }
  /// The peer's address, for logs.
  [[nodiscard]] std::string peer() const;

 private:
  void fall_due();
  void look();
  void look_for_end();
  void end_watch(bool has_gone);

  loop& home_;
  std::unique_ptr<transport> stream_;
  deadline limit_;
  deadline stall_;
  bool timed_out_ = false;

  // Of the hang-up watch.
  deadline next_look_;
  bool looks_for_end_ = false;
  std::function<void()> gone_;
};

}  // namespace refrain::net
