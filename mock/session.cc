#include "mock/session.h"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <limits>
#include <utility>

#include "base/text.h"
#include "mock/openai.h"
#include "mock/renderer.h"

namespace refrain::mock {
namespace {

namespace asio = boost::asio;

constexpr std::string_view invitation = "HTTP/1.1 100 Continue\r\n\r\n";

/// A status that a fault asks for, as a provider would word it.
refusal asked_for(unsigned status) {
  if (status == 429) {
    return {.status = status, .message = "Rate limit reached for requests.", .code = "rate_limit_exceeded"};
  }
  if (status == 401) return {.status = status, .message = "Incorrect API key provided.", .code = "invalid_api_key"};
  if (status >= 500) return {.status = status, .message = "The server had an error while processing your request."};
  return {.status = status, .message = fmt::format("The mock was asked to answer with status {}.", status)};
}

}  // namespace

asio::awaitable<void> session::run() {
  const bool open = co_await wire_.open();
  if (!open) co_return;
  bool going = true;
  while (going) going = co_await serve_one();
}

asio::awaitable<bool> session::serve_one() {
  call_ = {};
  const auto head = co_await reader_.head(call_);
  if (head == request_reader::head_state::ended) co_return false;
  if (head == request_reader::head_state::malformed) {
    co_return co_await play(renderer(openai::api, call_).refuse("no_http"));
  }
  call_.run = book_.run();
  call_.at = std::chrono::system_clock::now();

  if (call_.path().starts_with("/__mock/")) {
    const auto body = co_await reader_.body();
    auto reply = book_.answer_control(call_);
    if (!body || !reply) co_return false;
    co_return co_await play(std::move(*reply));
  }
  call_.number = book_.next_number();
  const journal::entry counted(book_, call_);
  co_return co_await answer_call(find_route(call_));
}

asio::awaitable<bool> session::answer_call(const route& row) {
  std::string bad_control;
  if (auto how = behaviour_of(defaults_, call_.headers, call_.number)) {
    call_.how = std::move(*how);
  } else {
    bad_control = how.error().context;
  }
  if (reader_.expects_continue()) {
    const bool sent = co_await wire_.write(asio::buffer(invitation));
    if (!sent) co_return false;
  }

  auto refused = turned_down(*row.speaks, bad_control);
  if (row.open != nullptr && !refused) {
    co_await serve_socket(row);
    co_return false;
  }
  if (row.sends_back() && !refused) co_return co_await send_back();

  auto body = co_await reader_.body();
  if (!body) co_return false;
  call_.body = std::move(*body);
  book_.keep(call_, call_.body.size());
  auto reply = refused ? std::move(*refused) : row.answer_to(call_);
  co_return co_await play(std::move(reply));
}

asio::awaitable<void> session::serve_socket(const route& row) {
  const auto body = co_await reader_.body();
  if (!body) co_return;
  book_.keep(call_, 0);
  const bool there = co_await wire_.pause(call_.how.latency);
  const auto handler = row.open(call_);
  const bool closed = there && co_await serve_websocket(wire_, reader_.take_rest(), call_, *handler);
  if (!closed) book_.count(&tally::abandoned);
}

std::optional<answer> session::turned_down(const provider& speaks, const std::string& bad_control) const {
  if (!bad_control.empty()) return speaks.refuse(call_, {.status = 400, .message = bad_control});
  if (!defaults_.require_key.empty() && speaks.credential(call_) != defaults_.require_key) {
    auto keyless = asked_for(401);
    keyless.status = speaks.no_key_status;
    return speaks.refuse(call_, keyless);
  }
  const auto status = call_.how.status;
  if (status == 200) return std::nullopt;
  auto reply = speaks.refuse(call_, asked_for(status));
  auto wait = call_.how.retry_after;
  if (wait.empty() && (status == 429 || status == 503)) wait = "1";
  if (!wait.empty()) reply.headers.push_back({"Retry-After", wait});
  if (has_no_body(status)) reply.pieces.clear();
  return reply;
}

asio::awaitable<bool> session::play(answer reply) {
  const auto plan = plan_for(call_, reply, reader_, reply.size(), reply.pieces.size());
  const auto pieces = std::exchange(reply.pieces, {});
  reply_writer writer(wire_, book_, call_.how, plan);
  const bool begun = co_await writer.begin(std::move(reply));
  if (!begun) co_return false;
  for (std::size_t next = 0; next < pieces.size() && !plan.bodiless; ++next) {
    const bool sent = co_await writer.piece(pieces[next]);
    if (!sent) co_return false;
  }
  co_return co_await writer.finish();
}

asio::awaitable<bool> session::send_back() {
  const auto type = call_.field("Content-Type");
  answer head{.content_type = type.empty() ? "application/octet-stream" : std::string(type),
              .headers = {{"x-mock-method", call_.method}, {"x-mock-target", call_.target}},
              .chunked = true};
  const auto declared = base::to_integer<std::uint64_t>(call_.field("Content-Length"));
  const auto size = declared.value_or(2);  // so that there is a middle
  const auto plan = plan_for(call_, head, reader_, size, std::numeric_limits<std::size_t>::max());
  reply_writer writer(wire_, book_, call_.how, plan);
  const bool begun = co_await writer.begin(std::move(head));
  if (!begun) co_return false;

  std::uint64_t body_bytes = 0;
  while (true) {
    auto piece = co_await reader_.body_piece();
    if (!piece) {
      book_.count(&tally::abandoned);
      wire_.drop();
      co_return false;
    }
    if (piece->empty()) break;
    body_bytes += piece->size();
    if (call_.body.size() < journal::kept_body) call_.body += *piece;
    const bool sent = co_await writer.piece(std::move(*piece));
    if (!sent) co_return false;
  }
  book_.keep(call_, body_bytes);
  co_return co_await writer.finish();
}

}  // namespace refrain::mock
