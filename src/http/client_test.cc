#include "http/client.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <future>
#include <string>

#include "support/net/loop.h"
#include "support/net/socket.h"

namespace refrain::http {
namespace {

using base::errc;
using net::scripted_server;
using net::test_listener;
using net::test_socket;
using namespace std::chrono_literals;

constexpr std::string_view request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// What became of one call.
struct outcome {
  int status = 0;
  std::string body;
  std::optional<errc> fault;
  bool retry = false;
  bool reused = false;
  std::string why;

  void take(const base::error& from) {
    fault = from.code;
    retry = from.retry;
    why = from.context;
  }
};

net::task<outcome> ask(std::shared_ptr<client> from, route where, bool to_head, bool fresh) {
  outcome got;
  auto call = co_await from->open(where, fresh);
  if (!call) {
    got.take(call.error());
    co_return got;
  }
  got.reused = (*call)->reused();
  const auto sent = co_await (*call)->write(request);
  if (sent) (*call)->sent();
  const auto head = co_await (*call)->read_head(to_head);
  if (!head) {
    got.take(head.error());
    co_return got;
  }
  got.status = (*head)->status;
  while (true) {
    const auto piece = co_await (*call)->read_some();
    if (!piece) {
      got.take(piece.error());
      co_return got;
    }
    if (piece->empty()) co_return got;
    got.body += *piece;
  }
}

class clients : public testing::Test {
 protected:
  void limit(client_limits to) { client_ = std::make_shared<client>(loop_.loop(), to, nullptr); }
  outcome get(std::uint16_t port, bool to_head = false, bool fresh = false) {
    return loop_.run(ask(client_, {.host = "127.0.0.1", .port = port}, to_head, fresh));
  }
  /// The outcome of one request to a server that takes it, answers so, and closes.
  outcome answered(std::string answer, bool to_head = false, bool resets = false) {
    scripted_server server{[&](test_listener& at) {
      auto peer = at.accept();
      peer.receive_until("\r\n\r\n");
      peer.send(answer);
      if (resets) peer.reset();
    }};
    return get(server.port(), to_head);
  }
  ~clients() override {
    loop_.perform([this] { client_.reset(); });
  }

  net::running_loop loop_;
  std::shared_ptr<client> client_ = std::make_shared<client>(loop_.loop(), client_limits{}, nullptr);
};

TEST_F(clients, use_a_kept_connection_again) {
  scripted_server server{[](test_listener& at) {
    auto peer = at.accept();
    for (int i = 0; i < 3; ++i) {
      peer.receive_until("\r\n\r\n");
      peer.send(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{}", i));
    }
    EXPECT_EQ(peer.receive_some(), "") << "the client ends it";
    EXPECT_FALSE(at.has_caller());
  }};
  for (int i = 0; i < 3; ++i) {
    const auto got = get(server.port());
    EXPECT_EQ(got.body, std::to_string(i));
    EXPECT_EQ(got.reused, i > 0);
  }
  loop_.perform([this] { client_ = std::make_shared<client>(loop_.loop(), client_limits{}, nullptr); });
}

TEST_F(clients, make_a_fresh_connection_on_demand) {
  scripted_server server{[](test_listener& at) {
    for (int i = 0; i < 2; ++i) {
      auto peer = at.accept();
      peer.receive_until("\r\n\r\n");
      peer.send("HTTP/1.1 204 No Content\r\n\r\n");
    }
  }};
  EXPECT_EQ(get(server.port()).status, 204);
  const auto got = get(server.port(), false, true);
  EXPECT_EQ(got.status, 204);
  EXPECT_FALSE(got.reused);
}

struct end_of_use {
  std::string_view name;
  std::string answer;
  bool to_head = false;
  bool closes = false;
};

class connections_not_used_again : public clients, public testing::WithParamInterface<end_of_use> {};

TEST_P(connections_not_used_again, after) {
  const auto& one = GetParam();
  std::promise<void> gone;
  scripted_server server{[&](test_listener& at) {
    auto first = at.accept();
    first.receive_until("\r\n\r\n");
    first.send(one.answer);
    if (one.closes) first.close();
    gone.set_value();
    auto second = at.accept();
    second.receive_until("\r\n\r\n");
    second.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond");
  }};
  (void)get(server.port(), one.to_head);
  gone.get_future().get();
  const auto got = get(server.port());
  EXPECT_EQ(got.body, "second");
  EXPECT_FALSE(got.reused);
}

INSTANTIATE_TEST_SUITE_P(
    each, connections_not_used_again,
    testing::Values(
        end_of_use{"the_server_closed_it", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", false, true},
        end_of_use{"bytes_behind_the_answer", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n"},
        end_of_use{"bytes_behind_the_last_chunk",
                   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\ny"},
        end_of_use{"a_body_in_the_answer_to_head", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", true},
        end_of_use{"a_body_of_204", "HTTP/1.1 204 No Content\r\nContent-Length: 1\r\n\r\nx"},
        end_of_use{"connection_close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"},
        end_of_use{"http_1_0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"},
        end_of_use{"a_change_of_protocol", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"},
        end_of_use{"an_answer_cut_short", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nx", false, true},
        end_of_use{"an_ambiguous_answer",
                   "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx"}),
    [](const auto& one) { return std::string(one.param.name); });

net::task<int> read_no_body(std::shared_ptr<client> from, route where) {
  auto call = co_await from->open(where, false);
  const auto sent = co_await (*call)->write(request);
  if (sent) (*call)->sent();
  const auto head = co_await (*call)->read_head(false);
  co_return head ? (*head)->status : 0;
}

net::task<int> send_half(std::shared_ptr<client> from, route where) {
  auto call = co_await from->open(where, false);
  (void)co_await (*call)->write("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe");
  const auto head = co_await (*call)->read_head(false);
  co_return head ? (*head)->status : 0;
}

TEST_F(clients, do_not_use_a_half_read_connection_again) {
  scripted_server server{[](test_listener& at) {
    auto first = at.accept();
    first.receive_until("\r\n\r\n");
    first.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(first.receive_some(), "");
    auto second = at.accept();
    second.receive_until("\r\n\r\nhe");
    second.send("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(second.receive_some(), "");
  }};
  const route where{.host = "127.0.0.1", .port = server.port()};
  EXPECT_EQ(loop_.run(read_no_body(client_, where)), 200);
  EXPECT_EQ(loop_.run(send_half(client_, where)), 401) << "an answer that comes early";
}

TEST_F(clients, keep_a_bounded_number_of_connections) {
  limit({.kept_per_origin = 1});
  std::promise<void> first_is_kept;
  std::promise<void> over;
  scripted_server server{[&](test_listener& at) {
    auto first = at.accept();
    auto second = at.accept();
    first.receive_until("\r\n\r\n");
    second.receive_until("\r\n\r\n");
    first.send("HTTP/1.1 204 No Content\r\n\r\n");
    first_is_kept.get_future().wait();
    second.send("HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(first.receive_some(), "") << "the older goes";
    EXPECT_TRUE(second.is_silent_for(0ms));
    over.set_value();
  }};
  const route where{.host = "127.0.0.1", .port = server.port()};
  std::vector<std::future<outcome>> asking;
  for (int i = 0; i < 2; ++i) asking.push_back(loop_.start(ask(client_, where, false, true)));
  // Which of the two connected first is not said.
  while (std::ranges::none_of(asking, [](const auto& one) { return one.wait_for(1ms) == std::future_status::ready; })) {
  }
  first_is_kept.set_value();
  for (auto& one : asking) EXPECT_EQ(one.get().status, 204);
  over.get_future().wait();
}

TEST_F(clients, let_kept_connections_go_in_time) {
  limit({.kept = 50ms});
  scripted_server server{[](test_listener& at) {
    auto peer = at.accept();
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(peer.receive_some(), "");
  }};
  EXPECT_EQ(get(server.port()).status, 204);
}

TEST_F(clients, may_ask_again_where_a_kept_connection_dies_before_any_byte) {
  scripted_server server{[](test_listener& at) {
    auto peer = at.accept();
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 204 No Content\r\n\r\n");
    peer.receive_until("\r\n\r\n");
    peer.reset();
    auto next = at.accept();
    next.receive_until("\r\n\r\n");
    next.send("HTTP/1.1 204 No Content\r\n\r\n");
    next.receive_until("\r\n\r\n");
    next.send("H");
    next.reset();
  }};
  EXPECT_EQ(get(server.port()).status, 204);
  const auto before = get(server.port());
  EXPECT_EQ(before.fault, errc::upstream_closed);
  EXPECT_TRUE(before.retry);
  EXPECT_EQ(get(server.port()).status, 204);
  const auto after = get(server.port());
  EXPECT_TRUE(after.reused);
  EXPECT_EQ(after.fault, errc::upstream_closed);
  EXPECT_FALSE(after.retry) << "a byte had come";
}

TEST_F(clients, do_not_ask_again_where_a_fresh_connection_dies) {
  for (const bool resets : {true, false}) {
    const auto got = answered("", false, resets);
    EXPECT_EQ(got.fault, errc::upstream_closed);
    EXPECT_FALSE(got.retry);
  }
}

TEST_F(clients, swallow_interim_answers) {
  const auto got = answered(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "ok");
}

TEST_F(clients, do_not_take_interim_answers_without_end) {
  std::string endless;
  for (int i = 0; i < 1000; ++i) endless += "HTTP/1.1 102 Processing\r\n\r\n";
  EXPECT_EQ(answered(endless + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").fault, errc::upstream_protocol);
}

TEST_F(clients, refuse_a_change_of_protocol_that_nobody_asked_for) {
  EXPECT_EQ(answered("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n").fault, errc::upstream_protocol);
}

TEST_F(clients, report_truncated_bodies) {
  for (const bool resets : {false, true}) {
    const auto by_length = answered("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", false, resets);
    EXPECT_EQ(by_length.fault, errc::upstream_closed);
    EXPECT_FALSE(by_length.retry);
    for (const auto* const sent : {"", "3\r\nhe", "3\r\nhel\r\n", "3\r\nhel\r\n0\r\n"}) {
      EXPECT_EQ(
          answered(fmt::format("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}", sent), false, resets).fault,
          errc::upstream_closed)
          << sent;
    }
  }
}

TEST_F(clients, read_until_the_end_where_no_length_is_told) {
  const auto got = answered("HTTP/1.1 200 OK\r\n\r\nhello");
  EXPECT_EQ(got.body, "hello");
  EXPECT_EQ(got.fault, std::nullopt);
  EXPECT_EQ(answered("HTTP/1.1 200 OK\r\n\r\nhello", false, true).fault, errc::upstream_closed) << "a reset is no end";
}

TEST_F(clients, report_what_is_not_http) {
  for (const auto* const answer : {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                                   "HTTP/1.1 200 OK\nContent-Length: 0\n\n"}) {
    EXPECT_EQ(answered(answer).fault, errc::upstream_protocol) << answer;
  }
  EXPECT_EQ(answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n").fault, errc::upstream_protocol);
  EXPECT_EQ(answered("HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x')).fault, errc::upstream_protocol);
}

TEST_F(clients, read_large_bodies_to_the_byte) {
  std::string body;
  for (int i = 0; body.size() < 300'000; ++i) body += std::to_string(i);
  std::string chunks;
  for (std::size_t at = 0; at < body.size(); at += 7919) {
    const auto piece = body.substr(at, 7919);
    chunks += chunk_line(piece.size()) + piece + "\r\n";
  }
  EXPECT_TRUE(answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n").body == body);
  EXPECT_TRUE(answered(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body)).body == body);
}

TEST_F(clients, do_not_wait_for_ever) {
  limit({.first_byte = 50ms, .idle = 50ms});
  for (const auto* const sent :
       {"", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"}) {
    scripted_server server{[&](test_listener& at) {
      auto peer = at.accept();
      peer.receive_until("\r\n\r\n");
      peer.send(sent);
      EXPECT_EQ(peer.receive_some(), "") << "the client gives up";
    }};
    const auto got = get(server.port());
    EXPECT_EQ(got.fault, errc::upstream_timeout) << sent;
    EXPECT_FALSE(got.retry);
  }
}

TEST_F(clients, do_not_wait_for_ever_for_a_head_that_trickles) {
  limit({.first_byte = 50ms});
  scripted_server server{[&](test_listener& at) {
    auto peer = at.accept();
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\n");
    while (peer.is_silent_for(10ms)) peer.send("X: y\r\n");
  }};
  EXPECT_EQ(get(server.port()).fault, errc::upstream_timeout);
}

TEST_F(clients, keep_no_connection_where_none_may_be_kept) {
  limit({.kept_per_origin = 0});
  scripted_server server{[](test_listener& at) {
    for (int i = 0; i < 2; ++i) {
      auto peer = at.accept();
      peer.receive_until("\r\n\r\n");
      peer.send("HTTP/1.1 204 No Content\r\n\r\n");
      EXPECT_EQ(peer.receive_some(), "");
    }
  }};
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(get(server.port()).reused);
}

TEST_F(clients, name_what_cannot_be_reached) {
  const test_listener deaf{false};
  const auto got = get(deaf.port());
  EXPECT_EQ(got.fault, errc::upstream_unreachable);
  EXPECT_TRUE(got.why.contains(fmt::format("127.0.0.1:{}", deaf.port()))) << got.why;
  const auto unknown = loop_.run(ask(client_, {.host = "no-such-host.invalid", .port = 1}, false, false));
  EXPECT_EQ(unknown.fault, errc::upstream_unreachable);
  EXPECT_TRUE(unknown.why.contains("no-such-host.invalid")) << unknown.why;
}

/// Whether the end was seen after each piece, and what was read.
net::task<std::string> trace(std::shared_ptr<client> from, route where) {
  std::string steps;
  auto call = co_await from->open(where, false);
  (void)co_await (*call)->write(request);
  (*call)->sent();
  const auto head = co_await (*call)->read_head(false);
  if (!head) co_return "no head";
  while (true) {
    const auto piece = co_await (*call)->read_some();
    if (!piece) co_return steps + "!";
    if (piece->empty()) co_return steps + ".";
    const std::string before{*piece};
    const bool end = (*call)->at_end();
    steps += before == *piece ? before : "<damaged>";
    steps += end ? "|" : "-";
  }
}

TEST_F(clients, see_the_end_together_with_the_last_content) {
  struct row {
    std::string_view answer;
    std::string_view steps;
  };
  for (const auto& [answer, steps] :
       {row{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", "ab|."},
        row{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n", "a-b|."},
        row{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX: y\r\n\r\n", "ab|."},
        row{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n", "ab-!"},
        row{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabx", "ab-!"},
        row{"HTTP/1.1 200 OK\r\n\r\nab", "ab-."}}) {
    scripted_server server{[&text = answer](test_listener& at) {
      auto peer = at.accept();
      peer.receive_until("\r\n\r\n");
      peer.send(text);
    }};
    EXPECT_EQ(loop_.run(trace(client_, {.host = "127.0.0.1", .port = server.port()})), steps);
  }
}

route by_proxy(std::uint16_t port, std::string userinfo = "") {
  return {.host = "origin.example",
          .port = 8443,
          .tls = false,
          .proxy = base::url{.scheme = "http", .userinfo = std::move(userinfo), .host = "127.0.0.1", .port = port}};
}

TEST_F(clients, ask_the_proxy_for_a_tunnel) {
  std::string asked;
  scripted_server proxy{[&](test_listener& at) {
    auto peer = at.accept();
    asked = peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n");
    EXPECT_EQ(peer.receive_until("\r\n\r\n"), request);
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  }};
  EXPECT_EQ(loop_.run(ask(client_, by_proxy(proxy.port(), "user:p%40ss"), false, false)).body, "ok");
  EXPECT_EQ(asked,
            "CONNECT origin.example:8443 HTTP/1.1\r\nHost: origin.example:8443\r\n"
            "Proxy-Authorization: Basic dXNlcjpwQHNz\r\n\r\n");
}

TEST_F(clients, report_a_proxy_that_refuses) {
  struct row {
    std::string_view answer;
    std::string_view part;
  };
  for (const auto& [answer, part] :
       {row{"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "status 407"},
        row{"HTTP/1.1 200 OK\r\n\r\nbytes before the client spoke", "proxy"}, row{"nonsense\r\n\r\n", "proxy"},
        row{"", "did not answer"}}) {
    scripted_server proxy{[&text = answer](test_listener& at) {
      auto peer = at.accept();
      peer.receive_until("\r\n\r\n");
      peer.send(text);
    }};
    const auto got = loop_.run(ask(client_, by_proxy(proxy.port(), "user:secret-word"), false, false));
    EXPECT_EQ(got.fault, errc::upstream_unreachable) << answer;
    EXPECT_TRUE(got.why.contains(part)) << got.why;
    EXPECT_FALSE(got.why.contains("secret-word")) << got.why;
  }
}

TEST_F(clients, do_not_wait_for_a_silent_proxy_for_ever) {
  limit({.connect = 50ms});
  scripted_server proxy{[](test_listener& at) {
    auto peer = at.accept();
    peer.receive_until("\r\n\r\n");
    EXPECT_EQ(peer.receive_some(), "");
  }};
  EXPECT_EQ(loop_.run(ask(client_, by_proxy(proxy.port()), false, false)).fault, errc::upstream_timeout);
}

TEST(pool_keys, differ_where_connections_must_not_be_shared) {
  const base::url proxy{.scheme = "http", .host = "p", .port = 1};
  const route all[]{{.host = "a", .port = 1},
                    {.host = "a", .port = 2},
                    {.host = "b", .port = 1},
                    {.host = "a", .port = 1, .tls = true},
                    {.host = "a", .port = 1, .proxy = proxy},
                    {.host = "a", .port = 1, .tls = true, .proxy = proxy}};
  for (std::size_t i = 0; i < std::size(all); ++i) {
    for (std::size_t j = 0; j < std::size(all); ++j) EXPECT_EQ(all[i].pool_key() == all[j].pool_key(), i == j);
  }
}

}  // namespace
}  // namespace refrain::http
