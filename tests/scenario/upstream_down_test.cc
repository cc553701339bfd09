#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

void expect_error(const http_answer& got, int status, std::string_view code) {
  EXPECT_EQ(got.status, status) << got.body;
  EXPECT_EQ(got.header("content-type"), "application/json");
  EXPECT_TRUE(got.body.starts_with(R"({"error":{"message":")")) << got.body;
  EXPECT_TRUE(got.body.contains("\"type\":\"api_error\"")) << got.body;
  EXPECT_TRUE(got.body.contains("\"code\":\"" + std::string(code) + "\"")) << got.body;
}

const std::string_view routes[]{chat_path, "/v1/models"};

TEST(upstream_down, a_refused_connection_is_502_and_names_host_and_port) {
  gateway at_work{{.upstream_is_up = false}};
  auto client = at_work.client();
  for (const auto path : routes) {
    const auto got = client.post(path, chat("hello"));
    expect_error(got, 502, "upstream_unreachable");
    EXPECT_TRUE(got.body.contains("127.0.0.1:1")) << got.body;
    EXPECT_EQ(got.count("x-should-retry"), 0U) << "another attempt may do";
  }
  EXPECT_TRUE(at_work.entries().empty());
  EXPECT_EQ(at_work.fills(), 0U);
}

TEST(upstream_down, the_connection_of_the_client_lives_on) {
  gateway at_work;
  auto client = at_work.client();
  EXPECT_EQ(client.post(chat_path, chat("hello"), {{"x-mock-reset", "before-head"}}).status, 502);
  EXPECT_EQ(client.post(chat_path, chat("hello")).outcome(), "MISS");
}

TEST(upstream_down, a_name_that_nobody_knows_is_502_and_is_named) {
  gateway at_work{{.configure = [](auto& to) { to.upstreams["openai"].base_url = "http://no-such-host.invalid/v1"; }}};
  for (const auto path : routes) {
    const auto got = at_work.client().post(path, chat("hello"));
    expect_error(got, 502, "upstream_unreachable");
    EXPECT_TRUE(got.body.contains("no-such-host.invalid")) << got.body;
  }
}

TEST(upstream_down, silence_is_504) {
  gateway at_work{{.configure = [](auto& to) { to.limits.first_byte = std::chrono::seconds{1}; }}};
  for (const auto path : {chat_path, std::string_view{"/v1/anything"}}) {
    const auto got = at_work.client().post(path, chat("hello"), {{"x-mock-latency-ms", "600000"}});
    expect_error(got, 504, "upstream_timeout");
  }
  EXPECT_TRUE(gateway::eventually([&] { return at_work.upstream().counters().in_flight == 0; }));
}

TEST(upstream_down, silence_within_an_answer_breaks_the_connection_of_the_client) {
  gateway at_work{{.configure = [](auto& to) { to.limits.idle = std::chrono::seconds{1}; }}};
  const auto got = at_work.client().post(chat_path, chat("hello", streamed), {{"x-mock-stall", "2"}});
  EXPECT_EQ(got.status, 200);
  EXPECT_FALSE(got.complete);
  EXPECT_TRUE(at_work.entries().empty());
}

TEST(upstream_down, an_answer_that_is_no_http_is_502) {
  scripted_upstream provider{[](auto& now) { now.write("SSH-2.0-OpenSSH_9.2\r\n\r\n"); }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  for (const auto path : routes) {
    const auto got = at_work.client().post(path, chat("hello"));
    EXPECT_EQ(got.status, 502);
    EXPECT_TRUE(got.body.contains(R"("code":"upstream_protocol")")) << got.body;
  }
}

/// The upstream keeps the connection until the second request comes, and drops that unread: nothing was asked yet.
TEST(upstream_down, a_kept_connection_that_was_dropped_costs_the_client_nothing) {
  for (const auto path : routes) {
    scripted_upstream provider{[](auto& now) {
      if (now.number == 2) return now.close();
      now.write(response(chat_answer("hello")));
    }};
    gateway at_work{
        {.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }, .threads = 1}};
    auto client = at_work.client();
    EXPECT_EQ(client.post(path, chat("one")).status, 200);
    EXPECT_EQ(client.post(path, chat("two")).status, 200);
    EXPECT_EQ(provider.calls(), 3U);
  }
}

TEST(upstream_down, a_fresh_connection_that_is_dropped_is_not_tried_again) {
  scripted_upstream provider{[](auto& now) { now.close(); }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  for (const auto path : routes) expect_error(at_work.client().post(path, chat("hello")), 502, "upstream_closed");
  EXPECT_EQ(provider.calls(), 2U);
}

TEST(upstream_down, is_told_at_once_to_a_client_that_has_stopped_uploading) {
  scripted_upstream provider{[](auto& now) { now.close(); }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  // It has sent a part of its body, and waits; a gateway that waits for the rest waits for a minute.
  client.send("POST /v1/files HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nstart\r\n");
  const auto told = client.receive();
  EXPECT_EQ(told.status, 502);
  EXPECT_TRUE(told.complete);
  EXPECT_TRUE(client.ended()) << "the rest of the body has no reader";
}

TEST(upstream_down, connections_are_kept_and_used_again) {
  gateway at_work{{.threads = 1}};
  auto client = at_work.client();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.post(chat_path, chat(std::to_string(i))).status, 200);
  EXPECT_EQ(client.get("/v1/models").status, 200);
  EXPECT_EQ(at_work.upstream().counters().connections, 1U);
}

}  // namespace
}  // namespace refrain::tests
