#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>

#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

/// What /bytes/N of the mock answers with.
std::string counted_bytes(std::size_t count) {
  constexpr std::size_t period = 251;
  std::string bytes(count, '\0');
  for (std::size_t at = 0; at < count; ++at) bytes[at] = static_cast<char>(at % period);
  return bytes;
}

TEST(passing_through, what_no_dialect_knows_goes_by_unchanged) {
  gateway at_work;
  auto client = at_work.client();
  for (int i = 0; i < 2; ++i) {
    const auto models = client.get("/v1/models");
    EXPECT_EQ(models.status, 200);
    EXPECT_EQ(models.outcome(), "BYPASS");
    EXPECT_EQ(models.count("cache-status"), 0U);
    EXPECT_EQ(models.count("cache-control"), 0U);
    EXPECT_EQ(models.count("set-cookie"), 1U);
    EXPECT_TRUE(models.body.contains("gpt-4o"));
  }
  EXPECT_EQ(at_work.calls(), 2);
  EXPECT_EQ(at_work.last_request().header("authorization"), "Bearer sk-lent");
}

TEST(passing_through, bodies_with_a_length_and_in_chunks) {
  gateway at_work;
  auto client = at_work.client();
  for (const std::size_t size : {0, 1, 16384, 3'000'001}) {
    const auto path = "/openai/bytes/" + std::to_string(size);
    const auto whole = client.get(path);
    EXPECT_EQ(whole.header("content-length"), std::to_string(size));
    EXPECT_TRUE(whole.body == counted_bytes(size)) << size;
    const auto chunked = client.get(path + "?chunked=1");
    EXPECT_EQ(chunked.header("transfer-encoding"), "chunked");
    EXPECT_TRUE(chunked.body == counted_bytes(size)) << size;
  }
}

TEST(passing_through, head_says_the_length_and_has_no_body) {
  gateway at_work;
  auto client = at_work.client();
  const auto head = client.request("HEAD", "/openai/bytes/1000", "", {});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("content-length"), "1000");
  EXPECT_EQ(client.get("/v1/models").status, 200) << "the connection is still in step";
}

TEST(passing_through, any_method_with_and_without_a_body) {
  gateway at_work;
  auto client = at_work.client();
  for (const auto method : {"DELETE", "PUT", "PATCH", "OPTIONS", "REPORT"}) {
    for (const std::string_view body : {"", "some text"}) {
      const auto got = client.request(method, "/openai/anything/x?a=%20b&c", body, {});
      EXPECT_EQ(got.header("x-mock-method"), method);
      EXPECT_EQ(got.header("x-mock-target"), "/v1/anything/x?a=%20b&c");
      EXPECT_EQ(got.body, body);
    }
  }
}

TEST(passing_through, statuses_without_a_body_keep_the_connection_in_step) {
  gateway at_work;
  auto client = at_work.client();
  for (const auto status : {"204", "304"}) {
    const auto got = client.get("/v1/models", {{"x-mock-status", status}});
    EXPECT_EQ(got.status, std::stoi(status));
    EXPECT_TRUE(got.complete);
  }
  EXPECT_EQ(client.get("/v1/models").status, 200);
}

TEST(passing_through, conditions_and_ranges_are_forwarded) {
  gateway at_work;
  at_work.client().get("/openai/bytes/10", {{"Range", "bytes=1-2"}, {"If-None-Match", "\"a\""}, {"If-Range", "\"b\""}});
  const auto seen = at_work.last_request();
  EXPECT_EQ(seen.header("range"), "bytes=1-2");
  EXPECT_EQ(seen.header("if-none-match"), "\"a\"");
  EXPECT_EQ(seen.header("if-range"), "\"b\"");
}

/// The mock sends back what it gets as it gets it: neither side of the gateway could wait for the whole.
TEST(passing_through, a_long_upload_streams_both_ways_at_once) {
  gateway at_work;
  auto client = at_work.client();
  constexpr std::size_t piece = 64 << 10;
  constexpr int pieces = 320;
  const std::string one(piece, 'r');
  client.send("POST /openai/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(one));
  const auto early = client.receive_until("rrrr");
  EXPECT_TRUE(early.contains("rrrr")) << "the answer begins before the upload has ended";
  std::size_t got = static_cast<std::size_t>(std::ranges::count(early.substr(early.find("\r\n\r\n")), 'r'));
  std::jthread sender{[&] {
    for (int i = 1; i < pieces; ++i) client.send(chunk(one));
    client.send(chunk(""));
  }};
  while (got < pieces * piece) {
    const auto some = client.receive_some();
    ASSERT_FALSE(some.empty()) << got;
    got += static_cast<std::size_t>(std::ranges::count(some, 'r'));
  }
  EXPECT_EQ(got, pieces * piece);
}

TEST(passing_through, a_body_that_is_encoded_goes_by_uncached_with_the_reason) {
  gateway at_work;
  auto client = at_work.client();
  for (int i = 0; i < 2; ++i) {
    const auto got = client.post(chat_path, chat("hello"), {{"Content-Encoding", "zstd"}});
    EXPECT_EQ(got.outcome(), "BYPASS");
    EXPECT_TRUE(got.header("cache-status").contains(R"(detail="encoded-body")")) << got.header("cache-status");
  }
  EXPECT_EQ(at_work.last_request().header("content-encoding"), "zstd");
  EXPECT_EQ(at_work.last_request().body, chat("hello"));
  EXPECT_EQ(at_work.calls(), 2);
}

TEST(passing_through, another_method_on_a_cached_endpoint) {
  gateway at_work;
  const auto got = at_work.client().get(chat_path);
  EXPECT_EQ(got.status, 404) << "the upstream's own";
  EXPECT_EQ(got.outcome(), "BYPASS");
  EXPECT_TRUE(got.header("cache-status").contains(R"(detail="method")")) << got.header("cache-status");
  EXPECT_EQ(at_work.calls(), 1);
}

TEST(passing_through, a_broken_answer_breaks_the_connection_of_the_client) {
  gateway at_work;
  for (const header_list& fault : {header_list{{"x-mock-truncate", "500"}}, {{"x-mock-reset", "mid-body"}}}) {
    const auto got = at_work.client().get("/openai/bytes/1000", fault);
    EXPECT_EQ(got.status, 200);
    EXPECT_FALSE(got.complete);
  }
}

TEST(routes, an_unknown_upstream_is_404_and_names_those_there_are) {
  gateway at_work;
  const auto got = at_work.client().post("/nowhere/v1/chat/completions", chat("hello"));
  EXPECT_EQ(got.status, 404);
  EXPECT_TRUE(got.body.contains("openai")) << got.body;
  EXPECT_TRUE(got.body.contains(R"("code":"unknown_upstream")")) << got.body;
  EXPECT_EQ(got.header("x-should-retry"), "false");
}

TEST(routes, a_path_cannot_climb_out_of_its_upstream) {
  gateway at_work;
  auto client = at_work.client();
  for (const auto path : {"/v1/../admin", "/openai/a/%2e%2e/b", "/openai/.%2E/b"}) {
    EXPECT_EQ(client.get(path).status, 400) << path;
  }
  EXPECT_EQ(at_work.calls(), 0);
}

}  // namespace
}  // namespace refrain::tests
