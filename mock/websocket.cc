#include "mock/websocket.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket.hpp>
#include <utility>

namespace refrain::mock {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

/// A transport in the form that Beast reads from and writes to.
class wire_stream {
 public:
  using executor_type = asio::any_io_executor;

  wire_stream(transport& wire, std::string early) : wire_(wire), early_(std::move(early)) {}

  executor_type get_executor() { return wire_.executor(); }
  void drop() { wire_.drop(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& into, Token&& token) {
    return run([this, space = first_of<asio::mutable_buffer>(into)] { return read(space); },
               std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token) {
    return run([this, bytes = first_of<asio::const_buffer>(from)] { return write(bytes); }, std::forward<Token>(token));
  }

 private:
  /// The first buffer with room, as Beast goes on with the rest by itself.
  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& all) {
    for (auto at = asio::buffer_sequence_begin(all); at != asio::buffer_sequence_end(all); ++at) {
      if (Buffer one{*at}; one.size() > 0) return one;
    }
    return {};
  }

  /// Starts the coroutine that `begin` makes; 0 bytes are the end of the stream.
  template <class Begin, class Token>
  auto run(Begin begin, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, Begin make) {
          asio::co_spawn(get_executor(), make(),
                         [done = std::move(handler)](const std::exception_ptr&, std::size_t count) mutable {
                           const error_code fault = count == 0 ? asio::error::eof : error_code{};
                           std::move(done)(fault, count);
                         });
        },
        token, std::move(begin));
  }

  asio::awaitable<std::size_t> read(asio::mutable_buffer space) {
    // A handler must not run before its operation has been started.
    co_await asio::post(get_executor(), asio::use_awaitable);
    if (early_.empty()) co_return co_await wire_.read(space);
    const auto count = asio::buffer_copy(space, asio::buffer(early_));
    early_.erase(0, count);
    co_return count;
  }

  asio::awaitable<std::size_t> write(asio::const_buffer bytes) {
    co_await asio::post(get_executor(), asio::use_awaitable);
    const bool sent = co_await wire_.write(bytes);
    co_return sent ? bytes.size() : 0;
  }

  transport& wire_;
  std::string early_;
};

/// What Beast asks of a stream for its end; the transport's own follows.
void beast_close_socket(wire_stream& stream) { stream.drop(); }
template <class Handler>
void async_teardown(boost::beast::role_type /*role*/, wire_stream& stream, Handler&& handler) {
  asio::post(stream.get_executor(),
             [handler = std::forward<Handler>(handler)]() mutable { std::move(handler)(error_code{}); });
}

using socket = websocket::stream<wire_stream>;

http::request<http::empty_body> request_of(const call& asked) {
  http::request<http::empty_body> head{http::verb::get, asked.target, 11};
  for (const auto& [name, value] : asked.headers) head.insert(name, value);
  return head;
}

/// The first subprotocol that the client offers; empty where it offers none.
std::string chosen_subprotocol(const call& asked) {
  const auto offered = asked.field("Sec-WebSocket-Protocol");
  const http::token_list all{{offered.data(), offered.size()}};
  const auto first = all.begin();
  return first == all.end() ? std::string{} : std::string(*first);
}

asio::awaitable<bool> say(socket& to, remark what) {
  for (const auto& one : what.messages) {
    to.text(one.text);
    const auto [fault, count] = co_await to.async_write(asio::buffer(one.bytes), quiet);
    if (fault) co_return false;
  }
  if (what.closes) {
    const auto [fault] = co_await to.async_close(websocket::close_code::normal, quiet);
    co_return !fault;
  }
  co_return true;
}

asio::awaitable<bool> converse(socket& with, talker& who) {
  auto what = who.open();
  while (true) {
    const bool ends = what.closes;
    const bool said = co_await say(with, std::move(what));
    if (!said || ends) co_return said;
    boost::beast::flat_buffer heard;
    const auto [fault, count] = co_await with.async_read(heard, quiet);
    if (fault) co_return fault == websocket::error::closed;
    const message one{.bytes = boost::beast::buffers_to_string(heard.data()), .text = with.got_text()};
    what = who.hear(one);
  }
}

}  // namespace

asio::awaitable<bool> hold_talk(transport& wire, std::string early, const call& asked, talker& who) {
  const auto request = request_of(asked);
  socket with(wire, std::move(early));
  with.auto_fragment(false);
  with.set_option(websocket::stream_base::decorator([protocol = chosen_subprotocol(asked)](auto& answer) {
    if (!protocol.empty()) answer.set(http::field::sec_websocket_protocol, protocol);
  }));
  const auto [fault] = co_await with.async_accept(request, quiet);
  bool closed = false;
  if (!fault) closed = co_await converse(with, who);
  co_await wire.close();
  co_return closed;
}

}  // namespace refrain::mock
