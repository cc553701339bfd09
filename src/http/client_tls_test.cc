#include <fmt/format.h>
#include <gtest/gtest.h>

#include <future>
#include <string>

#include "http/client.h"
#include "support/net/loop.h"
#include "support/net/tls.h"

namespace refrain::http {
namespace {

using base::errc;
using net::scripted_server;
using net::test_listener;
using net::test_tls;
using namespace std::chrono_literals;

constexpr std::string_view request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// The body, or the fault.
struct outcome {
  std::string body;
  std::optional<errc> fault;
  std::string why;
  bool reused = false;
};

net::task<outcome> ask(std::shared_ptr<client> from, route where, std::shared_ptr<std::promise<void>> sent,
                       std::shared_future<void> read) {
  outcome got;
  const auto refuse = [&got](const base::error& why) {
    got.fault = why.code;
    got.why = why.context;
    return got;
  };
  auto call = co_await from->open(where);
  if (!call) co_return refuse(call.error());
  got.reused = (*call)->reused();
  (void)co_await (*call)->write(request);
  (*call)->sent();
  if (sent) sent->set_value();
  if (read.valid()) read.wait();
  const auto head = co_await (*call)->read_head(false);
  if (!head) co_return refuse(head.error());
  while (true) {
    const auto piece = co_await (*call)->read_some();
    if (!piece) co_return refuse(piece.error());
    if (piece->empty()) co_return got;
    got.body += *piece;
  }
}

class tls_clients : public testing::Test {
 protected:
  tls_clients() { trust(authority_); }
  ~tls_clients() override {
    loop_.perform([this] { client_.reset(); });
  }
  void trust(const net::test_authority& whom) {
    auto context = net::tls_context::for_clients({.ca_file = whom.path()});
    client_ = std::make_shared<client>(loop_.loop(), limits_, context.value());
  }
  outcome get(std::string host, std::uint16_t port) {
    return loop_.run(ask(client_, {.host = std::move(host), .port = port, .tls = true}, nullptr, {}));
  }
  /// What comes of a request to `host`, which shows a certificate for `names` and answers.
  outcome answered(std::string host, std::string names, std::chrono::seconds lasts = 1h) {
    const scripted_server server{[&](test_listener& at) {
      auto peer = at.accept();
      test_tls secure{peer, authority_, names, lasts};
      if (!secure.accepted()) return;
      server_name_ = secure.server_name();
      secure.receive_until("\r\n\r\n");
      secure.send(answer);
    }};
    return get(std::move(host), server.port());
  }

  client_limits limits_{.connect = 5s};
  net::test_authority authority_;
  std::string server_name_;
  net::running_loop loop_;
  std::shared_ptr<client> client_;
};

TEST_F(tls_clients, speak_to_a_server_they_can_trust) {
  EXPECT_EQ(answered("localhost", "DNS:localhost").body, "ok");
  EXPECT_EQ(server_name_, "localhost");
}

TEST_F(tls_clients, check_addresses_as_well_as_names) {
  EXPECT_EQ(answered("127.0.0.1", "IP:127.0.0.1").body, "ok");
  EXPECT_EQ(server_name_, "") << "SNI has no room for addresses";
  EXPECT_EQ(answered("127.0.0.1", "IP:127.0.0.2").fault, errc::upstream_tls);
  EXPECT_EQ(answered("127.0.0.1", "DNS:localhost").fault, errc::upstream_tls);
}

TEST_F(tls_clients, refuse_an_authority_that_they_do_not_know) {
  const net::test_authority other{"Another authority"};
  trust(other);
  const auto got = answered("localhost", "DNS:localhost");
  EXPECT_EQ(got.fault, errc::upstream_tls);
  EXPECT_TRUE(got.why.contains("unable to get local issuer certificate")) << got.why;
}

TEST_F(tls_clients, refuse_a_certificate_for_another_name) {
  for (const auto* const names : {"DNS:other.example", "DNS:*.localhost", ""}) {
    const auto got = answered("localhost", names);
    EXPECT_EQ(got.fault, errc::upstream_tls);
    EXPECT_TRUE(got.why.contains("localhost")) << got.why;
    EXPECT_TRUE(got.why.contains("hostname mismatch")) << got.why;
  }
}

net::task<base::result<void>> shake_hands(net::loop& home, std::uint16_t port, std::shared_ptr<net::tls_context> trust,
                                          std::string host) {
  auto plain = co_await net::dial(home, {.host = "127.0.0.1", .port = port});
  if (!plain) co_return base::fail(plain.error());
  net::destination where{.host = std::move(host), .port = port};
  co_return co_await net::start_tls(**plain, std::move(trust), std::move(where), 5s);
}

TEST_F(tls_clients, send_nothing_where_the_host_cannot_be_compared) {
  for (const std::string host : {"", "fe80::1%lo"}) {
    const scripted_server server{[](test_listener& at) {
      auto peer = at.accept();
      EXPECT_EQ(peer.receive_some(), "");
    }};
    auto trust = net::tls_context::for_clients({.ca_file = authority_.path()}).value();
    const auto done = loop_.run(shake_hands(loop_.loop(), server.port(), std::move(trust), host));
    ASSERT_FALSE(done) << host;
    EXPECT_EQ(done.error().code, errc::upstream_tls);
  }
}

TEST_F(tls_clients, refuse_an_expired_certificate) {
  const auto got = answered("localhost", "DNS:localhost", -3600s);
  EXPECT_EQ(got.fault, errc::upstream_tls);
  EXPECT_TRUE(got.why.contains("expired")) << got.why;
}

TEST_F(tls_clients, never_fall_back_to_plain_text) {
  std::string came;
  {
    const scripted_server server{[&](test_listener& at) {
      auto peer = at.accept();
      came = peer.receive_some();
      peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
      peer.receive_all();
    }};
    EXPECT_EQ(get("localhost", server.port()).fault, errc::upstream_tls);
  }
  EXPECT_FALSE(came.contains("GET"));
}

TEST_F(tls_clients, do_not_wait_for_a_handshake_for_ever) {
  limits_.connect = 50ms;
  trust(authority_);
  const scripted_server server{[](test_listener& at) { at.accept().receive_all(); }};
  EXPECT_EQ(get("localhost", server.port()).fault, errc::upstream_timeout);
}

TEST_F(tls_clients, take_an_end_without_farewell_for_a_truncation) {
  for (const bool farewell : {true, false}) {
    const scripted_server server{[&](test_listener& at) {
      auto peer = at.accept();
      test_tls secure{peer, authority_, "DNS:localhost"};
      secure.receive_until("\r\n\r\n");
      secure.send("HTTP/1.1 200 OK\r\n\r\nhalf");
      if (farewell) secure.say_farewell();
    }};
    const auto got = get("localhost", server.port());
    EXPECT_EQ(got.body, "half");
    EXPECT_EQ(got.fault.has_value(), !farewell) << got.why;
  }
}

TEST_F(tls_clients, use_a_kept_connection_again) {
  const scripted_server server{[&](test_listener& at) {
    auto peer = at.accept();
    test_tls secure{peer, authority_, "DNS:localhost"};
    for (int i = 0; i < 2; ++i) {
      secure.receive_until("\r\n\r\n");
      secure.send(answer);
    }
  }};
  EXPECT_EQ(get("localhost", server.port()).body, "ok");
  EXPECT_TRUE(get("localhost", server.port()).reused);
}

/// They arrive together with the answer, so that the socket itself is quiet again.
TEST_F(tls_clients, do_not_use_a_connection_again_that_said_more_than_it_was_asked) {
  for (const bool farewell : {true, false}) {
    const auto asked = std::make_shared<std::promise<void>>();
    std::promise<void> said;
    const scripted_server server{[&](test_listener& at) {
      auto first = at.accept();
      test_tls secure{first, authority_, "DNS:localhost"};
      secure.receive_until("\r\n\r\n");
      asked->get_future().wait();
      secure.send(answer);
      if (farewell) {
        secure.say_farewell();
      } else {
        secure.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
      }
      said.set_value();
      auto second = at.accept();
      test_tls again{second, authority_, "DNS:localhost"};
      again.receive_until("\r\n\r\n");
      again.send(answer);
    }};
    const route where{.host = "localhost", .port = server.port(), .tls = true};
    EXPECT_EQ(loop_.run(ask(client_, where, asked, said.get_future().share())).body, "ok");
    const auto got = get("localhost", server.port());
    EXPECT_EQ(got.body, "ok");
    EXPECT_FALSE(got.reused);
  }
}

TEST_F(tls_clients, speak_tls_through_a_tunnel) {
  const scripted_server proxy{[&](test_listener& at) {
    auto peer = at.accept();
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    test_tls secure{peer, authority_, "DNS:origin.example"};
    server_name_ = secure.server_name();
    secure.receive_until("\r\n\r\n");
    secure.send(answer);
  }};
  const route where{.host = "origin.example",
                    .port = 443,
                    .tls = true,
                    .proxy = base::url{.scheme = "http", .host = "127.0.0.1", .port = proxy.port()}};
  EXPECT_EQ(loop_.run(ask(client_, where, nullptr, {})).body, "ok");
  EXPECT_EQ(server_name_, "origin.example");
}

TEST(client_tls_settings, name_a_file_of_authorities_that_cannot_be_read) {
  const auto made = net::tls_context::for_clients({.ca_file = "no-such-file.pem"});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::bad_config);
  EXPECT_TRUE(made.error().context.contains("no-such-file.pem")) << made.error().context;
}

}  // namespace
}  // namespace refrain::http
