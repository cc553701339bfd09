#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/chat_reading.h"
#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

std::string post(std::string_view body, std::string_view fields = "") {
  std::string text = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: ";
  text.append(std::to_string(body.size())).append("\r\n").append(fields).append("\r\n").append(body);
  return text;
}

TEST(http, requests_sent_ahead_are_answered_in_order) {
  gateway at_work;
  at_work.client().post(chat_path, chat("known"));
  auto client = at_work.client();
  std::string all;
  std::vector<std::string> asked;
  for (int i = 0; i < 12; ++i) {
    const auto form = i % 2 == 0 ? std::string_view{} : streamed;
    asked.push_back(chat(i % 3 == 0 ? "known" : "new " + std::to_string(i), form));
    all += post(asked.back());
    if (i % 4 == 0) all += "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }
  client.send(all);
  for (int i = 0; i < 12; ++i) {
    const auto got = client.receive();
    EXPECT_EQ(got.status, 200);
    EXPECT_TRUE(proves(got.body, asked[static_cast<std::size_t>(i)])) << i;
    EXPECT_EQ(got.outcome(), i % 3 == 0 ? "HIT" : "MISS");
    if (i % 4 == 0) EXPECT_TRUE(client.receive().body.contains("gpt-4o"));
  }
}

TEST(http, a_request_may_come_byte_by_byte) {
  gateway at_work;
  auto client = at_work.client();
  for (const char one : post(chat("slow"))) client.send({&one, 1});
  EXPECT_TRUE(proves(client.receive().body, chat("slow")));
}

TEST(http, a_chunked_body_is_the_same_request) {
  gateway at_work;
  auto client = at_work.client();
  client.post(chat_path, chat("hello"));
  const auto body = chat("hello");
  client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" +
              chunk(body.substr(0, 10)) + chunk(body.substr(10)) + "0\r\nX-Trailer: 1\r\n\r\n" + post(chat("hello")));
  EXPECT_EQ(client.receive().outcome(), "HIT");
  EXPECT_EQ(client.receive().outcome(), "HIT");
}

TEST(http, a_body_over_the_limit_passes_through_uncached) {
  gateway at_work{{.configure = [](auto& to) { to.limits.request_body = base::byte_count{1000}; }}};
  for (const std::size_t size : {2'000, 200'000}) {
    const auto big = chat(std::string(size, 'x'));
    for (int i = 0; i < 2; ++i) {
      const auto declared = at_work.client().post(chat_path, big);
      EXPECT_EQ(declared.status, 200);
      EXPECT_EQ(declared.outcome(), "BYPASS");
      EXPECT_TRUE(declared.header("cache-status").contains("detail=\"large-request\""))
          << declared.header("cache-status");
      EXPECT_EQ(at_work.last_request().body, big);
    }
    auto client = at_work.client();
    client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" +
                chunk(big.substr(0, 900)) + chunk(big.substr(900)) + "0\r\n\r\n");
    const auto counted = client.receive();
    EXPECT_EQ(counted.outcome(), "BYPASS");
    EXPECT_EQ(at_work.last_request().body, big);
  }
  EXPECT_TRUE(at_work.entries().empty());
  const auto small = chat("hello");
  EXPECT_EQ(at_work.client().post(chat_path, small).outcome(), "MISS");
}

struct bad_request {
  std::string_view name;
  std::string text;
  int status;
};

const bad_request bad_requests[]{
    {"no_http", "hello there\r\n\r\n", 400},
    {"head_too_large", "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Big: " + std::string(40'000, 'x') + "\r\n\r\n", 431},
    {"lengths_that_differ", "POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
    {"length_and_chunks",
     "POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"length_with_a_sign", "POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na", 400},
    {"unknown_coding", "POST /v1/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
    {"folded_line", "GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n", 400},
    {"blank_before_a_colon", "GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n", 400},
    {"bare_line_feed", "GET /healthz HTTP/1.1\nHost: a\n\r\n\r\n", 400},
    {"no_host", "GET /healthz HTTP/1.1\r\n\r\n", 400},
    {"two_hosts", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"chunk_size_that_is_no_number",
     "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
};

class bad_requests_of_clients : public testing::TestWithParam<bad_request> {};

TEST_P(bad_requests_of_clients, are_refused_and_the_connection_ends) {
  gateway at_work;
  auto client = at_work.client();
  client.send(GetParam().text);
  const auto got = client.receive();
  EXPECT_EQ(got.status, GetParam().status);
  EXPECT_EQ(got.header("connection"), "close");
  EXPECT_TRUE(got.body.starts_with(R"({"error":)")) << got.body;
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(at_work.calls(), 0);
}

INSTANTIATE_TEST_SUITE_P(of, bad_requests_of_clients, testing::ValuesIn(bad_requests),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(http, a_client_that_expects_it_is_told_to_go_on) {
  gateway at_work;
  for (const auto path : {chat_path, std::string_view{"/openai/echo"}}) {
    auto client = at_work.client();
    const auto body = chat("hello");
    client.send("POST " + std::string(path) +
                " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n");
    EXPECT_EQ(client.receive().status, 100);
    client.send(body);
    EXPECT_EQ(client.receive().status, 200);
    EXPECT_FALSE(at_work.last_request().has("expect"));
  }
}

TEST(http, version_1_0_gets_a_body_that_ends_with_the_connection) {
  gateway at_work;
  for (int i = 0; i < 2; ++i) {
    auto client = at_work.client();
    const auto body = chat("old", streamed);
    client.send("POST /v1/chat/completions HTTP/1.0\r\nHost: localhost\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body);
    const auto got = client.receive();
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.count("transfer-encoding"), 0U);
    EXPECT_TRUE(got.complete);
    EXPECT_EQ(events_of(got.body).back(), "[DONE]");
    EXPECT_TRUE(client.ended());
  }
  EXPECT_EQ(at_work.calls(), 1);
}

}  // namespace
}  // namespace refrain::tests
