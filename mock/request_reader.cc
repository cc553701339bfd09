#include "mock/request_reader.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/none.hpp>
#include <utility>

namespace refrain::mock {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t most_head_bytes = std::uint32_t{256} << 10U;

void copy_head(const http::request_header<>& head, call& into) {
  into.method = head.method_string();
  into.target = head.target();
  into.headers.clear();
  for (const auto& field : head) {
    into.headers.push_back({.name = field.name_string(), .value = field.value()});
  }
}

}  // namespace

asio::awaitable<request_reader::head_state> request_reader::head(call& into) {
  keep_alive_ = false;  // behind what is no request there is none
  head_parser parser;
  parser.header_limit(most_head_bytes);
  parser.body_limit(boost::none);
  const auto [fault, count] = co_await http::async_read_header(wire_, buffer_, parser, quiet);
  if (fault) {
    const bool ended = fault == http::error::end_of_stream || fault == http::error::partial_message ||
                       fault.category() != make_error_code(http::error::end_of_stream).category();
    co_return ended ? head_state::ended : head_state::malformed;
  }
  copy_head(parser.get(), into);
  version_ = parser.get().version();
  keep_alive_ = parser.keep_alive();
  body_.emplace(std::move(parser));
  co_return head_state::read;
}

asio::awaitable<std::optional<std::string>> request_reader::body() {
  std::string whole;
  while (true) {
    auto piece = co_await body_piece();
    if (!piece) co_return std::nullopt;
    if (piece->empty()) co_return whole;
    whole = whole.empty() ? std::move(*piece) : whole.append(*piece);
  }
}

asio::awaitable<std::optional<std::string>> request_reader::body_piece() {
  auto& arrived = body_->get().body();
  while (!body_->is_done() && arrived.empty()) {
    const auto [fault, count] = co_await http::async_read_some(wire_, buffer_, *body_, quiet);
    if (fault) co_return std::nullopt;
  }
  co_return std::exchange(arrived, {});
}

std::string request_reader::take_rest() {
  auto rest = boost::beast::buffers_to_string(buffer_.data());
  buffer_.clear();
  return rest;
}

bool request_reader::expects_continue() const {
  return boost::beast::iequals(body_->get()[http::field::expect], "100-continue");
}

}  // namespace refrain::mock
