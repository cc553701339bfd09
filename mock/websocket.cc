#include "mock/websocket.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffered_read_stream.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket.hpp>
#include <utility>

#include "mock/call.h"
#include "mock/transport.h"

namespace refrain::mock {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

/// The connection, behind what came with the request.
using stream = boost::beast::buffered_read_stream<transport&, boost::beast::flat_buffer>;
using socket = websocket::stream<stream>;

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

/// Hears and answers until one side closes. False: the connection broke.
asio::awaitable<bool> exchange(socket& with, websocket_handler& handler) {
  while (true) {
    boost::beast::flat_buffer heard;
    const auto [unheard, size] = co_await with.async_read(heard, quiet);
    if (unheard) co_return unheard == websocket::error::closed;
    const message one{.bytes = boost::beast::buffers_to_string(heard.data()), .text = with.got_text()};
    const auto what = handler.receive(one);
    for (const auto& said : what.messages) {
      with.text(said.text);
      const auto [unsent, count] = co_await with.async_write(asio::buffer(said.bytes), quiet);
      if (unsent) co_return false;
    }
    if (!what.closes) continue;
    const auto [unclosed] = co_await with.async_close(websocket::close_code::normal, quiet);
    co_return !unclosed;
  }
}

}  // namespace

/// What Beast asks of a stream for its end; the transport's own follows.
void beast_close_socket(transport& wire) { wire.drop(); }
template <class Handler>
void async_teardown(boost::beast::role_type /*role*/, stream& from, Handler&& handler) {
  asio::post(from.get_executor(),
             [handler = std::forward<Handler>(handler)]() mutable { std::move(handler)(error_code{}); });
}

asio::awaitable<bool> serve_websocket(transport& wire, std::string early, const call& asked,
                                      websocket_handler& handler) {
  const auto request = request_of(asked);
  socket with(wire);
  auto& ahead = with.next_layer().buffer();
  ahead.commit(asio::buffer_copy(ahead.prepare(early.size()), asio::buffer(early)));
  with.auto_fragment(false);
  with.set_option(websocket::stream_base::decorator([protocol = chosen_subprotocol(asked)](auto& answer) {
    if (!protocol.empty()) answer.set(http::field::sec_websocket_protocol, protocol);
  }));
  const auto [fault] = co_await with.async_accept(request, quiet);
  const bool closed = !fault && co_await exchange(with, handler);
  co_await wire.close();
  co_return closed;
}

}  // namespace refrain::mock
