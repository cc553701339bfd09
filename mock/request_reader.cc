#include "mock/request_reader.h"

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/none.hpp>
#include <utility>

namespace refrain::mock {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::size_t read_size = std::size_t{64} << 10U;
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

asio::awaitable<bool> request_reader::more() {
  const auto space = buffer_.prepare(read_size);
  const auto count = co_await wire_.read(space);
  buffer_.commit(count);
  co_return count > 0;
}

asio::awaitable<request_reader::head_state> request_reader::head(call& into) {
  head_parser parser;
  parser.header_limit(most_head_bytes);
  parser.body_limit(boost::none);
  while (!parser.is_header_done()) {
    if (buffer_.size() > 0) {
      boost::beast::error_code fault;
      buffer_.consume(parser.put(buffer_.data(), fault));
      if (fault && fault != http::error::need_more) co_return head_state::malformed;
      if (parser.is_header_done()) break;
    }
    const bool arrived = co_await more();
    if (!arrived) co_return head_state::ended;
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
  while (!body_->is_done()) {
    if (buffer_.size() > 0) {
      boost::beast::error_code fault;
      buffer_.consume(body_->put(buffer_.data(), fault));
      if (fault && fault != http::error::need_more) co_return std::nullopt;
      if (!arrived.empty()) co_return std::exchange(arrived, {});
      if (!fault) continue;
    }
    const bool read = co_await more();
    if (!read) co_return std::nullopt;
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
