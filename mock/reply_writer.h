#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "mock/call.h"
#include "mock/journal.h"
#include "mock/request_reader.h"
#include "mock/transport.h"

namespace refrain::mock {

/// How a body's end is told.
enum class framing : std::uint8_t { length, chunked, until_close, none };

/// What the writer must know of an answer before its first byte.
struct reply_plan {
  framing ends_by = framing::length;
  bool keep_alive = true;
  bool bodiless = false;               ///< an answer to HEAD, or a status without a body: no piece follows the head
  std::uint64_t length = 0;            ///< bytes of the body, where `ends_by` is length
  std::optional<std::uint64_t> cut{};  ///< body bytes after which the connection is dropped, or reset
  bool cut_resets = false;             ///< the cut is a reset
  bool reset_before_head = false;      ///< nothing is sent at all
  std::optional<std::size_t> stall{};  ///< pieces after which nothing more is sent
};

/// Puts an answer on the wire at the pace and with the faults that its plan and the call's behaviour ask for. Each step
/// returns whether the answer goes on; where it does not, the connection is over.
class reply_writer {
 public:
  reply_writer(transport& wire, journal& book, const behaviour& pace, reply_plan plan)
      : wire_(wire), book_(book), pace_(pace), plan_(plan) {}

  /// Waits for the first byte's time, and writes the head: with the first piece, or alone where nothing follows.
  boost::asio::awaitable<bool> begin(answer head);
  boost::asio::awaitable<bool> piece(std::string bytes);
  boost::asio::awaitable<bool> finish();

 private:
  boost::asio::awaitable<bool> flush();
  boost::asio::awaitable<bool> cut_off();
  boost::asio::awaitable<bool> abandoned();

  transport& wire_;
  journal& book_;
  const behaviour& pace_;
  reply_plan plan_;
  std::string out_;               // written at the next flush
  std::uint64_t body_bytes_ = 0;  // put into out_ so far
  std::size_t pieces_ = 0;
};

/// Whether answers with that status end with their head.
[[nodiscard]] bool has_no_body(unsigned status);

/// How an answer with `size` bytes in `pieces` pieces ends, and where the faults fall that the call asks for. A stall
/// falls before the last piece at the latest, so that a plain answer stalls too; a reset within the body falls at its
/// middle.
[[nodiscard]] reply_plan plan_for(const call& asked, const answer& head, const request_reader& reader,
                                  std::uint64_t size, std::size_t pieces);

}  // namespace refrain::mock
