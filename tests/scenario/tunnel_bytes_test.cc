// The bytes of a tunnel, and its limits, against an upstream that plays a script: no frame is looked at here.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>

#include "support/gateway.h"
#include "support/websocket.h"

namespace refrain::tests {
namespace {

using namespace std::chrono_literals;
using net::test_socket;

constexpr std::string_view head_end = "\r\n\r\n";

/// A gateway before the script of one upstream connection, which begins once the request's head has come.
class scripted {
 public:
  using script = std::function<void(test_socket&)>;

  explicit scripted(script play, std::function<void(config::settings&)> more = {})
      : provider_([play = std::move(play)](net::test_listener& at) {
          auto peer = at.accept();
          peer.receive_until(head_end);
          play(peer);
        }),
        gateway_({.configure =
                      [&](config::settings& to) {
                        to.upstreams["openai"].base_url =
                            "http://127.0.0.1:" + std::to_string(provider_.port()) + "/v1";
                        if (more) more(to);
                      }}),
        client_(test_socket::to(gateway_.port())) {}

  [[nodiscard]] test_socket& client() { return client_; }
  [[nodiscard]] gateway& at_work() { return gateway_; }

  /// Asks for the tunnel; what has come with the answer's head.
  std::string open() {
    client_.send(opening("/v1/realtime"));
    const auto came = client_.receive_until(head_end);
    EXPECT_TRUE(came.starts_with("HTTP/1.1 101 ")) << came;
    return came.substr(came.find(head_end) + head_end.size());
  }

 private:
  net::scripted_server provider_;
  gateway gateway_;
  test_socket client_;
};

TEST(bytes_of_tunnels, right_behind_the_answers_head_are_not_lost) {
  scripted both{[](auto& peer) {
    peer.send(acceptance() + "early");
    peer.receive_until("never");
  }};
  auto came = both.open();
  while (came.size() < 5) came += both.client().receive_some();
  EXPECT_EQ(came, "early");
}

TEST(bytes_of_tunnels, right_behind_the_requests_head_are_not_lost) {
  std::promise<std::string> arrived;
  scripted both{[&](auto& peer) {
    peer.send(acceptance());
    arrived.set_value(peer.receive(10));
  }};
  both.client().send(opening("/v1/realtime") + "early");
  both.client().receive_until(head_end);
  both.client().send(" late");
  EXPECT_EQ(arrived.get_future().get(), "early late");
}

TEST(bytes_of_tunnels, keep_flowing_to_a_client_that_has_ended_its_side) {
  scripted both{[](auto& peer) {
    peer.send(acceptance());
    EXPECT_EQ(peer.receive_all(), "the last word");
    peer.send("and the answer");
  }};
  both.open();
  both.client().send("the last word");
  both.client().finish_sending();
  EXPECT_EQ(both.client().receive_all(), "and the answer");
  EXPECT_FALSE(both.client().was_reset());
  EXPECT_TRUE(both.at_work().await_requests(0));
}

TEST(bytes_of_tunnels, keep_flowing_to_an_upstream_that_has_ended_its_side) {
  std::promise<std::string> arrived;
  scripted both{[&](auto& peer) {
    peer.send(acceptance() + "goodbye");
    peer.finish_sending();
    arrived.set_value(peer.receive_all());
  }};
  both.client().send(opening("/v1/realtime"));
  EXPECT_TRUE(both.client().receive_all().ends_with(std::string(head_end) + "goodbye"));
  both.client().send("and goodbye");
  both.client().finish_sending();
  EXPECT_EQ(arrived.get_future().get(), "and goodbye");
  EXPECT_TRUE(both.at_work().await_requests(0));
}

TEST(bytes_of_tunnels, end_for_the_client_when_the_upstream_breaks) {
  scripted both{[](auto& peer) {
    peer.send(acceptance());
    peer.receive(1);
    peer.reset();
  }};
  both.open();
  both.client().send("x");
  EXPECT_EQ(both.client().receive_all(), "");
  EXPECT_FALSE(both.client().was_reset()) << "what it was sent before could be lost";
  both.client().close();
  EXPECT_TRUE(both.at_work().await_requests(0));
}

TEST(bytes_of_tunnels, end_for_the_upstream_when_the_client_breaks) {
  std::promise<std::string> arrived;
  scripted both{[&](auto& peer) {
    peer.send(acceptance());
    arrived.set_value(peer.receive_all());
  }};
  both.open();
  both.client().send("last");
  EXPECT_TRUE(gateway::eventually([&] { return both.at_work().tunnels() == 1; }));
  both.client().reset();
  EXPECT_TRUE(arrived.get_future().get().size() <= 4) << "the rest may be lost with the connection";
  EXPECT_TRUE(both.at_work().await_requests(0));
}

TEST(bytes_of_tunnels, end_where_the_reader_has_gone) {
  scripted both{[&](auto& peer) {
    peer.send(acceptance());
    const std::string piece(64 << 10, 'f');
    while (peer.send(piece)) {
    }
  }};
  both.open();
  both.client().close();
  EXPECT_TRUE(both.at_work().await_requests(0));
}

/// Sends until neither the sockets nor the gateway take more for a moment; how many bytes they took.
std::size_t fill(const test_socket& to) {
  const std::string piece(64 << 10, 'f');
  std::size_t taken = 0;
  auto last = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - last < 300ms) {
    const auto count = ::send(to.descriptor(), piece.data(), piece.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count <= 0) {
      std::this_thread::yield();
      continue;
    }
    taken += static_cast<std::size_t>(count);
    last = std::chrono::steady_clock::now();
  }
  return taken;
}

TEST(bytes_of_tunnels, wait_for_a_slow_reader_in_bounded_memory) {
  std::promise<std::size_t> filled;
  scripted both{[&](auto& peer) {
    peer.send(acceptance());
    filled.set_value(fill(peer));
    peer.finish_sending();
    peer.receive_all();
  }};
  const auto early = both.open().size();
  const auto taken = filled.get_future().get();
  EXPECT_LT(taken, 64U << 20) << "what the kernel holds for two connections, and little more";
  EXPECT_EQ(early + both.client().receive_all().size(), taken);
}

TEST(limits_of_tunnels, end_both_sides_after_silence_on_both) {
  std::promise<std::string> arrived;
  scripted both{[&](auto& peer) {
                  peer.send(acceptance());
                  arrived.set_value(peer.receive_all());
                },
                [](auto& to) { to.limits.idle = 1s; }};
  both.open();
  both.client().send("the last word");
  EXPECT_EQ(both.client().receive_all(), "");
  EXPECT_EQ(arrived.get_future().get(), "the last word");
  EXPECT_TRUE(both.at_work().await_requests(0));
}

TEST(limits_of_tunnels, count_what_either_side_says) {
  scripted both{[](auto& peer) {
                  peer.send(acceptance());
                  peer.receive_all();
                },
                [](auto& to) { to.limits.idle = 1s; }};
  both.open();
  for (int beat = 0; beat < 8; ++beat) {
    both.client().send("beat");
    EXPECT_TRUE(both.client().is_silent_for(250ms)) << beat;
  }
}

TEST(answers_to_handshakes, that_nobody_asked_for_are_502) {
  scripted both{[](auto& peer) { peer.send(acceptance()); }};
  both.client().send("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto got = both.client().receive_until("}");
  EXPECT_TRUE(got.starts_with("HTTP/1.1 502 ")) << got;
  EXPECT_TRUE(got.contains("upstream_protocol")) << got;
}

TEST(answers_to_handshakes, for_another_protocol_are_502) {
  scripted both{
      [](auto& peer) { peer.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"); }};
  both.client().send(opening("/v1/realtime"));
  const auto got = both.client().receive_until("}");
  EXPECT_TRUE(got.starts_with("HTTP/1.1 502 ")) << got;
  EXPECT_TRUE(got.contains("upstream_protocol")) << got;
}

TEST(answers_to_handshakes, may_follow_interim_ones) {
  scripted both{[](auto& peer) {
    peer.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + acceptance());
    peer.receive_all();
  }};
  EXPECT_EQ(both.open(), "");
}

}  // namespace
}  // namespace refrain::tests
