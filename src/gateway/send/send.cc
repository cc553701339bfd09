#include "gateway/send/send.h"

#include <algorithm>
#include <span>

#include "net/loop.h"

namespace refrain::gateway {
namespace {

using entry::recording;

/// What has arrived of a recording, for one write.
struct batch {
  static constexpr std::size_t most = 12;
  std::vector<base::slice> slices;
  bool ended = false;   ///< nothing more will come
  bool broken = false;  ///< and what came is not the whole

  void add(const base::result<base::slice>& piece) {
    broken = !piece;
    ended = broken || piece->empty();
    if (!ended) slices.push_back(*piece);
  }
};

/// Waits for what comes next, with all that is there already; the head goes out before a wait.
net::task<batch> next_batch(http::exchange& to, recording::reader& from, bool skips_usage) {
  batch next;
  while (!next.ended && next.slices.size() < batch::most) {
    auto piece = from.poll(skips_usage);
    if (!piece && !next.slices.empty()) break;
    if (!piece) {
      (void)co_await to.flush();
      piece = co_await from.next(skips_usage);
    }
    next.add(*piece);
  }
  co_return next;
}

/// True once the whole answer is with the client.
net::task<bool> send_recording(http::exchange& to, const reply& answer) {
  to.start(answer.head, answer.length);
  while (true) {
    const auto next = co_await next_batch(to, *answer.recording, answer.skips_usage);
    std::vector<std::string_view> pieces;
    for (const auto& one : next.slices) pieces.push_back(one.view());
    const auto sent = co_await to.write(pieces, next.ended && !next.broken);
    if (next.broken) {
      to.abort();
      co_return false;
    }
    if (next.ended || !sent) co_return sent.has_value();
  }
}

/// The first event of a stream, or its first line where it has lines of JSON.
std::string_view first_event(std::string_view stream) {
  if (stream.starts_with('{')) return stream.substr(0, std::min(stream.find('\n'), stream.size() - 1) + 1);
  for (std::size_t at = 0; (at = stream.find('\n', at)) != std::string_view::npos;) {
    const auto next = stream.substr(++at);
    if (next.starts_with('\n')) return stream.substr(0, at + 1);
    if (next.starts_with("\r\n")) return stream.substr(0, at + 2);
  }
  return stream;
}

/// Sends one event after the other, and waits between them. A client that has left is noticed at the next.
net::task<> send_paced(http::exchange& to, const reply& answer) {
  const std::chrono::milliseconds between{1000 / answer.pace};
  std::uint64_t length = 0;
  for (const auto piece : answer.pieces) length += piece.size();
  to.start(answer.head, length);
  for (auto piece : answer.pieces) {
    while (!piece.empty()) {
      const auto event = first_event(piece);
      piece.remove_prefix(event.size());
      length -= event.size();
      const auto sent = co_await to.write(std::span{&event, 1}, length == 0);
      if (!sent || length == 0) co_return;
      co_await net::sleep_for(between);
    }
  }
}

bool has_no_reader(base::errc why) noexcept { return why == base::errc::closed || why == base::errc::cancelled; }

}  // namespace

net::task<> send(http::exchange& to, reply& answer) {
  if (answer.refused && has_no_reader(*answer.refused)) {
    to.abort();
    co_return;
  }
  if (answer.closes) to.close_after();
  if (!answer.recording && answer.pace > 0) co_return co_await send_paced(to, answer);
  if (!answer.recording) {
    (void)co_await to.send(answer.head, answer.pieces);
    co_return;
  }
  const bool whole = co_await send_recording(to, answer);
  answer.recording->leave();
  if (whole && answer.saves) answer.saved = *answer.saves;
}

net::task<bool> send_relayed(http::exchange& to, http::reply_head head, std::optional<std::uint64_t> length,
                             http::call& from) {
  to.start(head, length);
  for (bool ended = false; !ended;) {
    if (!from.at_hand()) (void)co_await to.flush();
    const auto piece = co_await from.read_some();
    if (!piece) {
      to.abort();
      co_return false;
    }
    ended = piece->empty() || from.at_end();
    const auto sent = co_await to.write(std::span{&*piece, 1}, ended);
    if (!sent) co_return false;
  }
  co_return true;
}

}  // namespace refrain::gateway
