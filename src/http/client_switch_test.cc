#include <gtest/gtest.h>

#include <string>

#include "http/client.h"
#include "support/net/loop.h"
#include "support/net/socket.h"

namespace refrain::http {
namespace {

using net::scripted_server;
using net::test_listener;
using namespace std::chrono_literals;

/// Asks for another protocol, says something in it, and reads to its end. The status and what was read, or the fault.
net::task<std::string> switch_and_say(std::shared_ptr<client> from, route where, std::string said) {
  auto call = co_await from->open(where);
  if (!call) co_return call.error().to_string();
  (*call)->expect_switch();
  (void)co_await (*call)->write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  (*call)->sent();
  const auto head = co_await (*call)->read_head(false);
  if (!head) co_return head.error().to_string();
  auto got = std::to_string((*head)->status) + " ";
  (void)co_await (*call)->write(said);
  co_await (*call)->end_writing();
  while (true) {
    const auto piece = co_await (*call)->read_some();
    if (!piece) co_return piece.error().to_string();
    if (piece->empty()) co_return got;
    got.append(*piece);
  }
}

class switching_clients : public testing::Test {
 protected:
  ~switching_clients() override {
    loop_.perform([this] { client_.reset(); });
  }
  std::string ask(const scripted_server& server) {
    return loop_.run(switch_and_say(client_, {.host = "127.0.0.1", .port = server.port()}, "the last word"));
  }

  net::running_loop loop_;
  std::shared_ptr<client> client_ = std::make_shared<client>(loop_.loop(), client_limits{.connect = 5s}, nullptr);
};

TEST_F(switching_clients, read_all_that_comes) {
  const scripted_server server{[](test_listener& at) {
    auto peer = at.accept();
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nearly");
    EXPECT_EQ(peer.receive_all(), "the last word");
    peer.send(", late");
  }};
  EXPECT_EQ(ask(server), "101 early, late");
}

TEST_F(switching_clients, take_any_other_answer_as_usual) {
  const scripted_server server{[](test_listener& at) {
    auto peer = at.accept();
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
  }};
  EXPECT_EQ(ask(server), "404 no");
}

}  // namespace
}  // namespace refrain::http
