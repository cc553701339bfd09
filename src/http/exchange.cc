#include "http/exchange.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <ctime>
#include <utility>

namespace refrain::http {
namespace {

using base::errc;
using base::fail;

constexpr std::size_t read_size = 16 << 10;

}  // namespace

std::chrono::milliseconds session_limits::body_time_left(std::uint64_t bytes,
                                                         std::chrono::milliseconds waited) const noexcept {
  const std::chrono::milliseconds earned{bytes * 1000 / std::max<std::uint64_t>(least_body_rate, 1)};
  return std::max(body_time + earned - waited, std::chrono::milliseconds{1});
}

exchange::exchange(net::connection& peer, const session_limits& limits, const request_head& head, input& arrived,
                   bool may_keep_alive)
    : peer_(peer),
      limits_(limits),
      wait_for_body_(limits.body_time),
      head_(head),
      arrived_(arrived),
      body_(head),
      continue_owed_(head.expects_continue),
      keep_alive_(may_keep_alive && head.keep_alive) {}

std::optional<std::string_view> exchange::body_at_hand() {
  if (body_.done()) return std::string_view{};
  if (head_.body != framing::length || arrived_.view().size() < head_.length) return std::nullopt;
  const auto step = body_.feed(arrived_.view());
  if (!step || !body_.done()) return std::nullopt;
  continue_owed_ = false;
  arrived_.consume(step->consumed);
  return step->content;
}

net::task<base::result<std::string_view>> exchange::read_body(base::byte_count limit) {
  const auto too_large = fail(errc::body_too_large, fmt::format("the request body is over {}", base::to_string(limit)));
  if (head_.body == framing::length && head_.length > limit.value) co_return too_large;
  if (const auto whole = body_at_hand()) co_return *whole;
  while (true) {
    const auto piece = co_await read_some();
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) co_return collected_;
    if (collected_.size() + piece->size() > limit.value) co_return too_large;
    collected_.append(*piece);
  }
}

net::task<base::result<std::string_view>> exchange::read_some() {
  while (!body_.done()) {
    auto& from = source();
    const auto step = body_.feed(from.view());
    if (!step) co_return fail(step.error());
    from.consume(step->consumed);
    if (!step->content.empty()) co_return step->content;
    if (body_.done()) break;
    const auto more = co_await fill();
    if (!more) co_return fail(more.error());
    if (!*more) {
      if (auto ended = body_.end_of_stream(); !ended) co_return fail(std::move(ended).error());
    }
  }
  co_return std::string_view{};
}

/// Reads more of the body; false at the end of the stream.
net::task<base::result<bool>> exchange::fill() {
  // Once the answer has begun, it can no longer be sent.
  if (continue_owed_ && !started_) {
    const auto said = co_await say_continue();
    if (!said) co_return fail(said.error());
  }
  // `arrived_` must not grow: what is left of it, the front of an unfinished line, moves to `later_`.
  if (!arrived_.empty()) {
    const auto rest = arrived_.view();
    const auto space = later_.space(rest.size());
    std::ranges::copy(rest, space.data());
    later_.commit(rest.size());
    arrived_.consume(rest.size());
  }
  const auto space = later_.space(read_size);
  if (!switched_) peer_.limit(std::min(wait_for_body_, limits_.body_time_left(arrived_bytes_, waited_)));
  const auto began = std::chrono::steady_clock::now();
  const auto count = co_await peer_.read_some(space);
  peer_.clear_limit();
  if (!count && peer_.timed_out()) co_return fail(errc::request_timeout, "the request body stopped arriving in time");
  if (!count) co_return fail(count.error());
  waited_ += std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  arrived_bytes_ += *count;
  later_.commit(*count);
  co_return *count > 0;
}

net::task<base::result<void>> exchange::say_continue() {
  static constexpr std::string_view line{"HTTP/1.1 100 Continue\r\n\r\n"};
  continue_owed_ = false;
  return peer_.write({&line, 1}, limits_.stall_time);
}

bool exchange::body_can_be_drained() const noexcept {
  if (body_.done()) return true;
  return !continue_owed_ && head_.body == framing::length && head_.length <= limits_.drain.value;
}

void exchange::write_head(const reply_head& head, std::optional<std::uint64_t> length) {
  if (!body_can_be_drained()) keep_alive_ = false;
  started_ = true;
  status_ = head.status;
  bodiless_ = head_.method == "HEAD" || has_no_body(head.status);
  chunked_ = !length && !head_.http_1_0 && !has_no_body(head.status);
  if (!length && head_.http_1_0) keep_alive_ = false;

  constexpr std::size_t all_but_fields = 128;
  out_.clear();
  out_.reserve(head.fields.size() + all_but_fields);
  fmt::format_to(std::back_inserter(out_), FMT_COMPILE("HTTP/1.1 {} {}\r\n"), head.status, reason_of(head.status));
  out_.append(head.fields);
  if (length && !has_no_body(head.status)) {
    fmt::format_to(std::back_inserter(out_), FMT_COMPILE("Content-Length: {}\r\n"), *length);
  } else if (chunked_) {
    out_.append("Transfer-Encoding: chunked\r\n");
  }
  if (head.status == switching_protocols) {
    out_.append("Connection: Upgrade\r\n");
  } else if (!keep_alive_) {
    out_.append("Connection: close\r\n");
  } else if (head_.http_1_0) {
    out_.append("Connection: keep-alive\r\n");
  }
  out_.append("\r\n");
}

net::task<base::result<void>> exchange::send(const reply_head& head, std::span<const std::string_view> body) {
  std::uint64_t length = 0;
  for (const auto piece : body) length += piece.size();
  write_head(head, length);
  pieces_.assign({out_});
  if (!bodiless_) {
    pieces_.insert(pieces_.end(), body.begin(), body.end());
    sent_ = length;
  }
  finished_ = true;
  return peer_.write(pieces_, limits_.stall_time);
}

net::task<base::result<void>> exchange::send(const reply_head& head, std::string_view body) {
  return send(head, std::span{&body, 1});
}

void exchange::start(const reply_head& head, std::optional<std::uint64_t> length) {
  write_head(head, length);
  promised_ = length;
  head_pending_ = true;
  if (has_no_body(head.status)) finished_ = true;
}

net::task<base::result<void>> exchange::flush() {
  pieces_.clear();
  if (std::exchange(head_pending_, false)) pieces_.push_back(out_);
  return peer_.write(pieces_, limits_.stall_time);
}

net::task<base::result<void>> exchange::write(std::span<const std::string_view> pieces, bool last) {
  std::size_t size = 0;
  for (const auto piece : pieces) size += piece.size();
  // A body of another length than its head said stays unfinished: the session resets the connection.
  if (last) finished_ = bodiless_ || !promised_ || sent_ + size == *promised_;

  pieces_.clear();
  if (std::exchange(head_pending_, false)) pieces_.push_back(out_);
  if (!bodiless_) {
    sent_ += size;
    const bool as_chunk = chunked_ && size > 0;
    if (as_chunk) {
      chunk_line_ = chunk_line(size);
      pieces_.push_back(chunk_line_);
    }
    pieces_.insert(pieces_.end(), pieces.begin(), pieces.end());
    if (as_chunk) pieces_.push_back("\r\n");
    if (chunked_ && last) pieces_.push_back("0\r\n\r\n");
  }
  return peer_.write(pieces_, limits_.stall_time);
}

net::task<base::result<void>> exchange::switch_protocols(const reply_head& head) {
  message_head until_the_end;
  until_the_end.body = framing::until_close;
  body_ = body_decoder{until_the_end};
  start(head, std::nullopt);
  switched_ = true;
  bodiless_ = false;
  keep_alive_ = false;
  return flush();
}

void exchange::abort() noexcept {
  finished_ = true;
  keep_alive_ = false;
  peer_.abort();
}

net::task<bool> exchange::prepare_next() {
  if (!peer_.is_open()) co_return false;
  if (head_pending_) {
    const auto sent = co_await flush();
    if (!sent) co_return false;
  }
  if (keep_alive_ && finished_) {
    std::uint64_t dropped = 0;
    wait_for_body_ = limits_.linger_time;
    const auto end = std::chrono::steady_clock::now() + limits_.linger_time;
    while (!body_.done() && dropped <= limits_.drain.value && std::chrono::steady_clock::now() < end) {
      const auto piece = co_await read_some();
      if (!piece) co_return false;
      dropped += piece->size();
    }
    if (!body_.done()) co_return false;
    if (!later_.empty()) std::swap(arrived_, later_);
    co_return true;
  }
  // A client that is still sending shall be able to read the answer.
  co_await peer_.finish(limits_.linger_time);
  co_return false;
}

std::string_view date_now() {
  thread_local std::time_t made_at = 0;
  thread_local std::string made;
  const auto now = std::time(nullptr);
  if (now != made_at || made.empty()) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[64];
    made.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
    made_at = now;
  }
  return made;
}

std::string_view reason_of(int status) noexcept {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 508: return "Loop Detected";
    default: return "";
  }
}

}  // namespace refrain::http
