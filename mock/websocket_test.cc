#include "mock/websocket.h"

#include <gtest/gtest.h>

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket.hpp>
#include <string>

#include "support/mock/client.h"
#include "support/mock/server.h"

namespace refrain::mock {
namespace {

namespace beast = boost::beast;

class websockets : public test::running_server {
 protected:
  /// A WebSocket to the mock; `fault` is that of the handshake.
  struct caller {
    explicit caller(std::uint16_t port) {
      socket.next_layer().connect({boost::asio::ip::address_v4::loopback(), port});
    }
    beast::error_code open(const std::string& target, const std::string& field = "x-a",
                           const std::string& value = "b") {
      socket.set_option(beast::websocket::stream_base::decorator(
          [&](beast::websocket::request_type& head) { head.insert(field, value); }));
      beast::error_code fault;
      socket.handshake(answer, "localhost", target, fault);
      return fault;
    }
    std::string say(const std::string& text) {
      socket.write(boost::asio::buffer(text));
      beast::flat_buffer heard;
      socket.read(heard);
      return beast::buffers_to_string(heard.data());
    }

    boost::asio::io_context io;
    beast::websocket::stream<boost::asio::ip::tcp::socket> socket{io};
    beast::websocket::response_type answer;
  };
};

TEST_F(websockets, echo_and_close) {
  caller one(port_);
  ASSERT_FALSE(one.open("/v1/echo", "Sec-WebSocket-Protocol", "realtime, other"));
  EXPECT_EQ(one.answer["Sec-WebSocket-Protocol"], "realtime");
  EXPECT_EQ(one.say("hello"), "hello");
  const std::string large(3 << 20, 'x');
  EXPECT_TRUE(one.say(large) == large);
  EXPECT_EQ(running_->counters().in_flight, 1U);
  one.socket.close(beast::websocket::close_code::normal);
  EXPECT_TRUE(comes_true([](const tally& now) { return now.in_flight == 0; }));
  EXPECT_EQ(running_->counters().abandoned, 0U);
}

TEST_F(websockets, are_abandoned_where_the_client_just_leaves) {
  {
    caller one(port_);
    ASSERT_FALSE(one.open("/v1/echo"));
  }
  EXPECT_TRUE(comes_true([](const tally& now) { return now.abandoned == 1; }));
}

TEST_F(websockets, take_what_comes_right_behind_the_request) {
  test::client one(port_);
  constexpr std::string_view hello("\x81\x85\0\0\0\0hello", 11);
  one.send(std::string("GET /echo HTTP/1.1\r\nHost: mock\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                       "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
               .append(hello));
  EXPECT_TRUE(one.receive_until("hello").contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
}

TEST_F(websockets, are_refused_as_their_controls_say) {
  caller one(port_);
  EXPECT_EQ(one.open("/v1/echo", "x-mock-status", "403"), beast::websocket::error::upgrade_declined);
  EXPECT_EQ(one.answer.result_int(), 403U);
}

TEST_F(websockets, ask_for_the_key_where_its_provider_puts_it) {
  start({.require_key = "k"});
  caller stranger(port_);
  EXPECT_TRUE(stranger.open("/text-to-speech/ws"));
  EXPECT_EQ(stranger.answer.result_int(), 403U);
  EXPECT_FALSE(caller(port_).open("/text-to-speech/ws", "api-subscription-key", "k"));
  EXPECT_FALSE(caller(port_).open("/v1/text-to-speech/a/stream-input", "xi-api-key", "k"));
  EXPECT_FALSE(caller(port_).open("/v1/realtime", "Authorization", "Bearer k"));
}

}  // namespace
}  // namespace refrain::mock
