// The data plane over TLS.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "support/gateway.h"
#include "support/temp_folder.h"
#include "support/websocket.h"

namespace refrain::tests {
namespace {

using net::test_authority;
using net::test_socket;
using net::test_tls_client;

constexpr std::string_view names = "DNS:localhost,IP:127.0.0.1";

/// A gateway that shows a certificate of `authority`.
class tls_serving : public testing::Test {
 protected:
  tls_serving() { authority_.issue(std::string(names), card(), key()); }

  [[nodiscard]] std::string card() const { return folder_.file("tls.crt"); }
  [[nodiscard]] std::string key() const { return folder_.file("tls.key"); }
  [[nodiscard]] gateway::options options(mock::options upstream = {}, std::string trusted = {}) const {
    return {.configure =
                [this](config::settings& to) {
                  to.server.tls_certificate = card();
                  to.server.tls_key = key();
                },
            .upstream = std::move(upstream),
            .trusted_certificate = std::move(trusted)};
  }
  /// The certificate is read at the second look that finds it unchanged.
  static void let_look(gateway& at_work) {
    at_work.look_at_certificate();
    at_work.look_at_certificate();
  }

  const temp_folder folder_;
  const test_authority authority_;
};

/// A TLS connection to a gateway.
struct tls_caller {
  tls_caller(const gateway& to, test_tls_client::options what)
      : wire(test_socket::to(to.port())), tls(wire, std::move(what)) {}
  tls_caller(const gateway& to, const test_authority& trusted) : tls_caller(to, {.authority = trusted.path()}) {}

  std::string get(std::string_view path, std::string_view fields = "") {
    std::string text = "GET ";
    tls.send(text.append(path).append(" HTTP/1.1\r\nHost: localhost\r\n").append(fields).append("\r\n"));
    return tls.receive_until("}");
  }

  test_socket wire;
  test_tls_client tls;
};

std::string post(std::string_view body, std::string_view fields = "") {
  std::string text = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: ";
  return text.append(std::to_string(body.size())).append("\r\n").append(fields).append("\r\n").append(body);
}

TEST_F(tls_serving, answers_over_https) {
  gateway at_work{options()};
  tls_caller one{at_work, {.authority = authority_.path(), .protocols = "\x02h2\x08http/1.1"}};
  ASSERT_TRUE(one.tls.connected());
  EXPECT_EQ(one.tls.version(), "TLSv1.3");
  EXPECT_EQ(one.tls.protocol(), "http/1.1");
  EXPECT_TRUE(one.get("/healthz").contains(R"({"status":"ok"})"));
  EXPECT_TRUE(one.get("/readyz").contains("200 OK")) << "the connection is kept";
}

TEST_F(tls_serving, serves_hits_and_long_answers_to_the_letter) {
  gateway at_work{options()};
  tls_caller one{at_work, authority_};
  one.tls.send(post(chat("hello")));
  EXPECT_TRUE(one.tls.receive_until("\"usage\"").contains("x-refrain-cache: MISS"));
  tls_caller two{at_work, authority_};
  two.tls.send(post(chat("hello"), "Connection: close\r\n"));
  EXPECT_TRUE(two.tls.receive_all().contains("x-refrain-cache: HIT"));

  tls_caller long_one{at_work, authority_};
  long_one.tls.send("GET /openai/bytes/3000001 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const auto all = long_one.tls.receive_all();
  const auto body = all.substr(all.find("\r\n\r\n") + 4);
  ASSERT_EQ(body.size(), 3'000'001U);
  bool right = true;
  for (std::size_t at = 0; at < body.size(); ++at) right = right && body[at] == static_cast<char>(at % 251);
  EXPECT_TRUE(right);
}

TEST_F(tls_serving, says_farewell_where_the_answer_ends_with_the_connection) {
  gateway at_work{options()};
  tls_caller one{at_work, authority_};
  one.tls.send("GET /openai/bytes/70000?chunked=1 HTTP/1.0\r\nHost: localhost\r\n\r\n");
  EXPECT_GT(one.tls.receive_all().size(), 70'000U);
  EXPECT_TRUE(one.tls.heard_farewell());
}

TEST_F(tls_serving, speaks_tls_1_2_but_nothing_older_and_no_other_protocol) {
  gateway at_work{options()};
  EXPECT_EQ((tls_caller{at_work, {.authority = authority_.path(), .newest = TLS1_2_VERSION}}.tls.version()), "TLSv1.2");
  EXPECT_FALSE((tls_caller{at_work, {.authority = authority_.path(), .newest = TLS1_1_VERSION}}.tls.connected()));
  EXPECT_FALSE((tls_caller{at_work, {.authority = authority_.path(), .protocols = "\x02h2"}}.tls.connected()));
  EXPECT_FALSE((tls_caller{
      at_work, {.authority = authority_.path(), .newest = TLS1_2_VERSION, .ciphers = "AES128-SHA:@SECLEVEL=0"}}
                    .tls.connected()))
      << "no forward secrecy";
}

TEST_F(tls_serving, ends_a_plain_connection_cleanly) {
  gateway at_work{options()};
  auto plain = test_socket::to(at_work.port());
  plain.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto got = plain.receive_all();
  EXPECT_FALSE(got.contains("HTTP")) << got;
  EXPECT_FALSE(plain.was_reset());
  EXPECT_TRUE((tls_caller{at_work, authority_}.tls.connected()));
}

TEST_F(tls_serving, shows_a_new_certificate_to_new_connections) {
  gateway at_work{options()};
  tls_caller before{at_work, authority_};
  const test_authority next{"Next authority"};
  next.issue(std::string(names), card(), key());
  EXPECT_TRUE((tls_caller{at_work, authority_}.tls.connected())) << "nobody has looked yet";
  let_look(at_work);
  EXPECT_FALSE((tls_caller{at_work, authority_}.tls.connected()));
  EXPECT_TRUE((tls_caller{at_work, next}.tls.connected()));
  EXPECT_TRUE(before.get("/healthz").contains("ok")) << "connections that are there go on";
}

TEST_F(tls_serving, keeps_its_certificate_where_the_new_one_is_no_good) {
  gateway at_work{options()};
  std::ofstream{key()} << "half a";
  let_look(at_work);
  EXPECT_TRUE((tls_caller{at_work, authority_}.tls.connected()));
  EXPECT_THROW(at_work.reload([](auto&) {}), std::runtime_error);
  const test_authority next{"Next authority"};
  next.issue(std::string(names), card(), key());
  let_look(at_work);
  EXPECT_TRUE((tls_caller{at_work, next}.tls.connected()));
}

TEST_F(tls_serving, takes_other_files_from_a_changed_configuration) {
  gateway at_work{options()};
  const test_authority next{"Next authority"};
  next.issue(std::string(names), folder_.file("other.crt"), folder_.file("other.key"));
  at_work.reload([&](auto& to) {
    to.server.tls_certificate = folder_.file("other.crt");
    to.server.tls_key = folder_.file("other.key");
  });
  EXPECT_TRUE((tls_caller{at_work, next}.tls.connected()));
}

TEST_F(tls_serving, abandons_the_upstream_where_a_client_leaves_politely) {
  gateway at_work{options()};
  tls_caller one{at_work, authority_};
  one.tls.send(post(chat("hello", streamed), "Cache-Control: no-store\r\nx-mock-stall: 2\r\n"));
  EXPECT_TRUE(one.tls.receive_until("data: ").contains("data: "));
  one.tls.say_farewell();
  one.wire.close();
  EXPECT_TRUE(gateway::eventually([&] { return at_work.abandoned() == 1; }));
  EXPECT_TRUE(at_work.await_requests(0));
}

TEST_F(tls_serving, carries_tunnels) {
  gateway at_work{options()};
  tls_caller one{at_work, authority_};
  websocket_client socket{one.tls};
  EXPECT_TRUE(socket.open("/openai/echo").starts_with("HTTP/1.1 101 "));
  const std::string large(1 << 20, 'w');
  socket.send(opcode::binary, large);
  EXPECT_TRUE((socket.receive() == frame{opcode::binary, large}));
  socket.send(opcode::close, close_payload(1000));
  EXPECT_EQ(socket.receive(), (frame{opcode::close, close_payload(1000)}));
  EXPECT_TRUE(socket.ended());
  EXPECT_TRUE(one.tls.heard_farewell());
  one.tls.say_farewell();
  one.wire.close();
  EXPECT_TRUE(at_work.await_requests(0));
}

TEST_F(tls_serving, carries_tunnels_to_an_upstream_over_tls) {
  const temp_folder shown;
  const test_authority upstreams{"Upstream authority"};
  upstreams.issue("DNS:localhost", shown.file("tls.crt"), shown.file("tls.key"));
  gateway at_work{
      options({.tls_certificate = shown.file("tls.crt"), .tls_key = shown.file("tls.key")}, upstreams.path())};
  tls_caller one{at_work, authority_};
  websocket_client socket{one.tls};
  EXPECT_TRUE(socket.open("/openai/echo").starts_with("HTTP/1.1 101 "));
  socket.send(opcode::text, "hello");
  EXPECT_EQ(socket.receive(), (frame{opcode::text, "hello"}));
  one.tls.say_farewell();
  EXPECT_TRUE(socket.ended()) << "the mock ends too, and its end comes through";
  EXPECT_TRUE(gateway::eventually([&] { return at_work.abandoned() == 1; })) << "without a closing frame";
}

}  // namespace
}  // namespace refrain::tests
