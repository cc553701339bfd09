#include "http/session.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>

#include "support/http/server.h"

namespace refrain::http {
namespace {

using namespace std::chrono_literals;
using namespace base;  // for the literals of bytes

constexpr auto body_limit = 1_KiB;

net::task<> send_text(exchange& with, int status, std::string text) {
  const reply_head head{.status = status, .fields = {}};
  (void)co_await with.send(head, std::string_view{text});
}

/// Says what body came, by size and content.
net::task<> echo(exchange& with) {
  const auto body = co_await with.read_body(body_limit);
  if (body) {
    co_await send_text(with, 200, fmt::format("{} {}", with.request().target, *body));
  } else {
    co_await send_text(with, traits_of(body.error().code).status, std::string(to_string(body.error().code)));
  }
}

net::task<> stream(exchange& with, std::optional<std::uint64_t> length, bool finish) {
  const reply_head head;
  with.start(head, length);
  (void)co_await with.flush();
  (void)co_await with.write("ab");
  (void)co_await with.write("");
  (void)co_await with.write("cde");
  if (finish) (void)co_await with.finish();
}

/// Answers first, and reads the body afterwards.
net::task<> answer_then_read(exchange& with) {
  const reply_head head;
  with.start(head, 5);
  (void)co_await with.flush();
  const auto piece = co_await with.read_some();
  (void)co_await with.write(piece && *piece == "hello" ? "whole" : "early");
  (void)co_await with.finish();
}

/// Goes on in a protocol that says everything back, in brackets.
net::task<> switch_to_echo(exchange& with) {
  reply_head head{.status = 101, .fields = {}};
  head.add("Upgrade", "echo");
  (void)co_await with.switch_protocols(head);
  while (true) {
    const auto piece = co_await with.read_some();
    if (!piece || piece->empty()) break;
    const std::string_view pieces[]{"[", *piece, "]"};
    (void)co_await with.write(pieces);
  }
  (void)co_await with.write(fmt::format("{} bytes", with.bytes_sent()));
  co_await with.end_writing();
}

net::task<> answer(exchange& with) {
  const auto target = with.request().target;
  if (target.starts_with("/echo")) co_await echo(with);
  if (target == "/unread") co_await send_text(with, 200, "unread");
  if (target == "/refuse") co_await send_text(with, 403, "no");
  if (target == "/empty") co_await send_text(with, 204, "never shown");
  if (target == "/begun") with.start(reply_head{.status = 204, .fields = {}}, std::nullopt);
  if (target == "/stream") co_await stream(with, std::nullopt, true);
  if (target == "/sized") co_await stream(with, 5, true);
  if (target == "/short") co_await stream(with, 7, true);
  if (target == "/long") co_await stream(with, 4, true);
  if (target == "/half") co_await stream(with, std::nullopt, false);
  if (target == "/throw") throw std::runtime_error("thrown on purpose");
  if (target == "/early") co_await answer_then_read(with);
  if (target == "/switch") co_await switch_to_echo(with);
  if (target == "/late_throw") {
    co_await stream(with, std::nullopt, false);
    throw std::runtime_error("thrown on purpose");
  }
  if (target == "/abort") {
    co_await stream(with, 100, false);
    with.abort();
  }
}

class sessions : public testing::Test {
 protected:
  static service make(session_limits limits, bool stopping = false) {
    return {.limits = limits,
            .answer = answer,
            .error_body = [](const error& why) { return std::string(to_string(why.code)); },
            .stopping = [stopping] { return stopping; }};
  }
  static session_limits quick() {
    return {.head_time = 100ms, .keep_alive_time = 100ms, .body_time = 100ms, .linger_time = 5'000ms, .drain = 8_KiB};
  }

  /// All that comes back for `request`, until the server closes.
  static std::string ask(const test_server& server, std::string_view request) {
    auto client = server.connect();
    client.send(request);
    return client.receive_all();
  }

  test_server server_{make({.drain = 8_KiB})};
};

constexpr std::string_view closing = "Host: a\r\nConnection: close\r\n\r\n";

std::string get(std::string_view target, bool last = false) {
  return fmt::format("GET {} HTTP/1.1\r\n{}", target, last ? closing : "Host: a\r\n\r\n");
}

std::string post(std::string_view target, std::string_view body, std::string_view more = "") {
  return fmt::format("POST {} HTTP/1.1\r\nHost: a\r\n{}Content-Length: {}\r\n\r\n{}", target, more, body.size(), body);
}

std::string ok(std::string_view body, std::string_view more = "") {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), more, body);
}

constexpr std::string_view close_line = "Connection: close\r\n";

TEST_F(sessions, keep_the_connection) {
  auto client = server_.connect();
  for (int i = 0; i < 3; ++i) {
    const auto target = fmt::format("/echo{}", i);
    client.send(post(target, "hello"));
    const auto expected = ok(target + " hello");
    ASSERT_EQ(client.receive(expected.size()), expected);
  }
}

TEST_F(sessions, end_when_the_client_says_so) { EXPECT_EQ(ask(server_, get("/echo", true)), ok("/echo ", close_line)); }

TEST_F(sessions, end_when_the_service_stops) {
  const test_server server{make({}, true)};
  EXPECT_EQ(ask(server, get("/echo")), ok("/echo ", close_line));
}

TEST_F(sessions, answer_in_the_order_of_the_requests) {
  const auto requests = post("/echo1", "one") + get("/stream") + "\r\n" + post("/echo2", std::string(500, 'x')) +
                        "POST /echo3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "3;ext\r\ntwo\r\n2\r\n!!\r\n0\r\nTrailer: x\r\n\r\n" +
                        get("/empty") + get("/echo4", true);
  const auto answers = ok("/echo1 one") +
                       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n" +
                       ok("/echo2 " + std::string(500, 'x')) + ok("/echo3 two!!") + "HTTP/1.1 204 No Content\r\n\r\n" +
                       ok("/echo4 ", close_line);
  EXPECT_EQ(ask(server_, requests), answers) << "in one write";
  for (std::size_t cut = 1; cut < requests.size(); cut += requests.size() > 700 ? 3 : 1) {
    auto client = server_.connect();
    client.send(requests.substr(0, cut));
    client.send(requests.substr(cut));
    ASSERT_EQ(client.receive_all(), answers) << "cut at " << cut;
  }
}

TEST_F(sessions, take_requests_byte_by_byte) {
  const auto requests = "\r\n" + post("/echo1", "one") + "\r\n\r\n" +
                        "POST /echo2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n" +
                        get("/echo3", true);
  auto client = server_.connect();
  for (const char one : requests) {
    client.send({&one, 1});
    std::this_thread::yield();
  }
  EXPECT_EQ(client.receive_all(), ok("/echo1 one") + ok("/echo2 two") + ok("/echo3 ", close_line));
}

TEST_F(sessions, ignore_an_empty_line_that_arrives_in_halves) {
  auto client = server_.connect();
  client.send(get("/echo"));
  ASSERT_EQ(client.receive(ok("/echo ").size()), ok("/echo "));
  client.send("\r");
  // The byte is on its way alone: nothing answers it.
  ASSERT_TRUE(client.is_silent_for(50ms));
  client.send("\n" + get("/echo", true));
  EXPECT_EQ(client.receive_all(), ok("/echo ", close_line));
}

TEST_F(sessions, say_continue_before_they_read) {
  auto client = server_.connect();
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  ASSERT_EQ(client.receive(go_on.size()), go_on);
  client.send("hello");
  EXPECT_EQ(client.receive(ok("/echo hello").size()), ok("/echo hello"));
  client.send(get("/echo", true));
  EXPECT_EQ(client.receive_all(), ok("/echo ", close_line));
}

TEST_F(sessions, do_not_say_continue_where_the_body_is_here) {
  auto client = server_.connect();
  client.send(post("/echo", "hello", "Expect: 100-continue\r\n") + get("/echo", true));
  EXPECT_EQ(client.receive_all(), ok("/echo hello") + ok("/echo ", close_line));
}

/// Its client would send the body all the same, or not: where the next request begins is unknown.
TEST_F(sessions, end_where_a_client_waits_for_a_continue_that_never_comes) {
  auto client = server_.connect();
  client.send("POST /refuse HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.receive_all(), "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
}

TEST_F(sessions, never_say_continue_within_an_answer) {
  auto client = server_.connect();
  client.send("POST /early HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  const auto head = client.receive_until("\r\n\r\n");
  ASSERT_EQ(head, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n");
  client.send("hello");
  EXPECT_EQ(client.receive_all(), "whole");
}

TEST_F(sessions, keep_the_body_of_an_answer_to_head_back) {
  const auto requests =
      "HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\nHEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n"
      "HEAD /sized HTTP/1.1\r\nHost: a\r\n\r\n" +
      get("/echo", true);
  EXPECT_EQ(ask(server_, requests),
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" +
                ok("/echo ", close_line));
}

TEST_F(sessions, speak_http_1_0) {
  EXPECT_EQ(ask(server_, "GET /echo HTTP/1.0\r\n\r\n"), ok("/echo ", close_line));
  EXPECT_EQ(ask(server_, "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcde")
      << "chunks are unknown to it";
  EXPECT_EQ(ask(server_, "GET /sized HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /echo HTTP/1.0\r\n\r\n"),
            ok("abcde", "Connection: keep-alive\r\n") + ok("/echo ", close_line));
}

TEST_F(sessions, send_the_head_of_an_answer_that_ends_with_it) {
  EXPECT_EQ(ask(server_, get("/begun") + get("/echo", true)),
            "HTTP/1.1 204 No Content\r\n\r\n" + ok("/echo ", close_line));
}

TEST(session_limits_of_a_body, end_a_trickle) {
  const session_limits limits{.body_time = 10s, .least_body_rate = 100};
  EXPECT_EQ(limits.body_time_left(0, 0ms), 10s);
  EXPECT_EQ(limits.body_time_left(0, 9s), 1s);
  EXPECT_EQ(limits.body_time_left(10, 10s), 100ms) << "ten bytes earn a tenth of a second";
  EXPECT_EQ(limits.body_time_left(10, 11s), 1ms);
  EXPECT_EQ(limits.body_time_left(100'000, 60s), 950s);
}

TEST_F(sessions, drop_a_small_unread_body) {
  EXPECT_EQ(ask(server_, post("/unread", std::string(8192, 'x')) + get("/echo", true)),
            ok("unread") + ok("/echo ", close_line));
}

TEST_F(sessions, end_after_a_large_unread_body) {
  EXPECT_EQ(ask(server_, post("/unread", std::string(8193, 'x')) + get("/echo", true)), ok("unread", close_line));
  EXPECT_EQ(
      ask(server_, "POST /unread HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + get("/echo")),
      ok("unread", close_line))
      << "how long a chunked one is cannot be known";
}

TEST_F(sessions, let_a_client_that_is_still_sending_read_why_it_was_refused) {
  auto client = server_.connect();
  const std::string body(4 << 20, 'x');
  std::thread sender{[&] { client.send(post("/echo", body)); }};
  const auto expected =
      fmt::format("HTTP/1.1 413 Content Too Large\r\nContent-Length: 14\r\n{}\r\nbody_too_large", close_line);
  EXPECT_EQ(client.receive(expected.size()), expected);
  sender.join();
  EXPECT_FALSE(client.was_reset());
}

TEST_F(sessions, refuse_a_chunked_body_once_it_is_too_large) {
  auto client = server_.connect();
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const auto chunk = "200\r\n" + std::string(0x200, 'x') + "\r\n";
  client.send(chunk + chunk + "1\r\nx\r\n");
  EXPECT_TRUE(client.receive_all().ends_with("body_too_large"));
}

TEST_F(sessions, refuse_ambiguous_chunks_and_end) {
  const auto got =
      ask(server_,
          "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n" + get("/echo"));
  EXPECT_EQ(got, "HTTP/1.1 400 Bad Request\r\nContent-Length: 17\r\nConnection: close\r\n\r\nambiguous_framing");
}

struct bad_head {
  std::string_view head;
  int status;
  std::string_view why;
};

TEST_F(sessions, refuse_what_is_no_head_and_end) {
  const std::string long_head = "GET /" + std::string(40'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const auto& [head, status, why] :
       {bad_head{"nonsense\r\n\r\n", 400, "malformed_request"},
        bad_head{"GET / HTTP/1.1\nHost: a\n\n", 400, "malformed_request"},
        bad_head{"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
                 "ambiguous_framing"},
        bad_head{long_head, 431, "head_too_large"}}) {
    const auto got = ask(server_, std::string(head) + get("/echo"));
    EXPECT_TRUE(got.starts_with(fmt::format("HTTP/1.1 {} ", status))) << got;
    EXPECT_TRUE(got.contains(close_line)) << got;
    EXPECT_TRUE(got.contains("\r\nDate: ")) << got;
    EXPECT_TRUE(got.ends_with(fmt::format("\r\n\r\n{}", why))) << got << ": one answer and no other";
  }
}

TEST_F(sessions, cut_a_head_that_takes_too_long) {
  const test_server server{make(quick())};
  EXPECT_EQ(ask(server, "GET / HTTP/1.1\r\nHo"), "");
}

TEST_F(sessions, cut_a_client_that_asks_for_nothing) {
  const test_server server{make(quick())};
  EXPECT_EQ(ask(server, ""), "");
  EXPECT_EQ(ask(server, get("/echo")), ok("/echo ")) << "also after an answer";
}

/// A client could else hold a connection for nothing with two bytes now and then.
TEST_F(sessions, do_not_take_empty_lines_for_a_request) {
  auto limits = quick();
  limits.keep_alive_time = 300ms;
  const test_server server{make(limits)};
  auto client = server.connect();
  const auto began = std::chrono::steady_clock::now();
  while (client.is_silent_for(50ms) && std::chrono::steady_clock::now() - began < 5s) client.send("\r\n");
  EXPECT_EQ(client.receive_all(), "");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
}

TEST_F(sessions, cut_a_client_whose_body_stops) {
  const test_server server{make(quick())};
  EXPECT_EQ(ask(server, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel"), "");
}

TEST_F(sessions, reset_what_was_aborted) {
  auto client = server_.connect();
  client.send(get("/abort"));
  EXPECT_TRUE(client.receive_all().size() < ok("").size() + 100);
  EXPECT_TRUE(client.was_reset());
}

TEST_F(sessions, reset_an_answer_that_the_service_left_half_done) {
  for (const auto* const target : {"/half", "/late_throw", "/short", "/long"}) {
    auto client = server_.connect();
    client.send(get(target));
    (void)client.receive_all();
    EXPECT_TRUE(client.was_reset()) << target;
  }
}

TEST_F(sessions, answer_500_for_a_service_that_throws_or_says_nothing) {
  for (const auto* const target : {"/throw", "/nothing"}) {
    const auto got = ask(server_, get(target) + get("/echo"));
    EXPECT_TRUE(got.starts_with("HTTP/1.1 500 Internal Server Error\r\n")) << got;
    EXPECT_TRUE(got.contains(close_line)) << got;
    EXPECT_TRUE(got.ends_with("\r\n\r\ninternal")) << got;
  }
}

TEST_F(sessions, outlive_clients_that_leave_at_any_point) {
  const auto request =
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n" + get("/abort");
  for (std::size_t cut = 0; cut <= request.size(); ++cut) {
    auto client = server_.connect();
    client.send(request.substr(0, cut));
    if (cut % 2 == 0) {
      client.close();
    } else {
      client.reset();
    }
  }
  EXPECT_EQ(ask(server_, get("/echo", true)), ok("/echo ", close_line));
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (server_.open() > 0 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  EXPECT_EQ(server_.open(), 0u);
}

TEST(date, is_as_rfc_9110_has_it) {
  const std::string now{date_now()};
  EXPECT_EQ(now.size(), 29u) << now;
  EXPECT_TRUE(now.ends_with(" GMT")) << now;
  EXPECT_EQ(date_now(), date_now());
}

TEST(reasons, are_known_for_every_error_of_ours) {
  for (int code = 0; code <= static_cast<int>(errc::internal); ++code) {
    const auto status = traits_of(static_cast<errc>(code)).status;
    if (status == 499) continue;  // never sent: the client has gone
    EXPECT_NE(reason_of(status), "") << status;
  }
  EXPECT_EQ(reason_of(299), "");
}

constexpr std::string_view switched =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n";

TEST_F(sessions, switch_protocols_and_pass_bytes_as_they_are) {
  const test_server server{make(quick())};
  auto client = server.connect();
  client.send(get("/switch"));
  ASSERT_EQ(client.receive(switched.size()), switched);
  EXPECT_TRUE(client.is_silent_for(300ms)) << "no limit on silence";
  client.send("GET /echo HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client.receive(24), "[GET /echo HTTP/1.1\r\n\r\n]");
  client.finish_sending();
  EXPECT_EQ(client.receive_all(), "24 bytes");
}

TEST_F(sessions, lose_nothing_that_comes_right_behind_a_switch) {
  auto client = server_.connect();
  client.send(get("/switch") + "early");
  EXPECT_EQ(client.receive(switched.size() + 7), std::string(switched) + "[early]");
  client.send("late");
  EXPECT_EQ(client.receive(6), "[late]");
  client.finish_sending();
  EXPECT_EQ(client.receive_all(), "13 bytes");
}

}  // namespace
}  // namespace refrain::http
