#include "mock/reply_writer.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <chrono>
#include <iterator>
#include <string_view>

namespace refrain::mock {
namespace {

namespace asio = boost::asio;

void add_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

std::string head_text(const answer& head, const reply_plan& plan, const std::string& encoding) {
  const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(head.status));
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  auto out = fmt::format("HTTP/1.1 {} {}\r\n", head.status, std::string_view(reason.data(), reason.size()));
  add_field(out, "Date", fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(now)));
  add_field(out, "Content-Type", head.content_type);
  if (!encoding.empty()) add_field(out, "Content-Encoding", encoding);
  if (plan.ends_by == framing::length) add_field(out, "Content-Length", fmt::to_string(plan.length));
  if (plan.ends_by == framing::chunked) add_field(out, "Transfer-Encoding", "chunked");
  add_field(out, "Connection", plan.keep_alive ? "keep-alive" : "close");
  for (const auto& [name, value] : head.headers) add_field(out, name, value);
  return out.append("\r\n");
}

}  // namespace

bool has_no_body(unsigned status) { return status == 204 || status == 304; }

reply_plan plan_for(const call& asked, const answer& head, const request_reader& reader, std::uint64_t size,
                    std::size_t pieces) {
  const auto& how = asked.how;
  reply_plan plan{.length = size, .cut = how.truncate};
  plan.bodiless = asked.method == "HEAD" || has_no_body(head.status);
  if (has_no_body(head.status)) {
    plan.ends_by = framing::none;
  } else if (how.until_close || (head.chunked && !reader.understands_chunks())) {
    plan.ends_by = framing::until_close;
  } else if (head.chunked) {
    plan.ends_by = framing::chunked;
  }
  plan.keep_alive = reader.keep_alive() && plan.ends_by != framing::until_close;
  if (how.truncate_share && size > 0) {
    plan.cut = std::min(static_cast<std::uint64_t>(*how.truncate_share * static_cast<double>(size)), size - 1);
  }
  if (how.reset == reset_point::after_head) plan.cut = 0;
  if (how.reset == reset_point::mid_body) plan.cut = size / 2;
  plan.cut_resets = how.reset != reset_point::none;
  plan.reset_before_head = how.reset == reset_point::before_head;
  if (how.stall) plan.stall = std::min(*how.stall, pieces > 0 ? pieces - 1 : 0);
  return plan;
}

asio::awaitable<bool> reply_writer::begin(answer head) {
  const bool there = co_await wire_.pause(pace_.latency);
  if (!there) co_return co_await abandoned();
  if (plan_.reset_before_head) {
    wire_.reset();
    co_return false;
  }
  out_ = head_text(head, plan_, pace_.encoding);
  if (plan_.cut == 0) co_return co_await cut_off();
  co_return true;
}

asio::awaitable<bool> reply_writer::piece(std::string bytes) {
  if (plan_.stall == pieces_) {
    const bool sent = co_await flush();
    if (sent) co_await wire_.until_gone();
    co_return co_await abandoned();
  }
  if (pieces_++ > 0) {
    const bool there = co_await wire_.pause(pace_.gap);
    if (!there) co_return co_await abandoned();
  }
  const bool cut = plan_.cut && body_bytes_ + bytes.size() >= *plan_.cut;
  const auto shown = cut ? static_cast<std::size_t>(*plan_.cut - body_bytes_) : bytes.size();
  body_bytes_ += shown;
  if (plan_.ends_by == framing::chunked) fmt::format_to(std::back_inserter(out_), "{:x}\r\n", bytes.size());
  out_.append(bytes, 0, shown);
  if (cut) co_return co_await cut_off();
  if (plan_.ends_by == framing::chunked) out_ += "\r\n";
  const bool sent = co_await flush();
  if (!sent) co_return co_await abandoned();
  co_return true;
}

asio::awaitable<bool> reply_writer::finish() {
  if (plan_.ends_by == framing::chunked && !plan_.bodiless) out_ += "0\r\n\r\n";
  const bool sent = co_await flush();
  if (!sent) co_return co_await abandoned();
  if (plan_.keep_alive) co_return true;
  co_await wire_.close();
  co_return false;
}

asio::awaitable<bool> reply_writer::flush() {
  if (out_.empty()) co_return true;
  const bool sent = co_await wire_.write(asio::buffer(out_));
  if (sent) book_.count(&tally::bytes_out, static_cast<std::int64_t>(out_.size()));
  out_.clear();
  co_return sent;
}

asio::awaitable<bool> reply_writer::cut_off() {
  co_await flush();
  plan_.cut_resets ? wire_.reset() : wire_.drop();
  co_return false;
}

asio::awaitable<bool> reply_writer::abandoned() {
  book_.count(&tally::abandoned);
  wire_.drop();
  co_return false;
}

}  // namespace refrain::mock
