#include "gateway/sources/request_head.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refrain::gateway {
namespace {

upstream to(std::string_view family = "openai", std::string_view path = "/v1") {
  return {.name = "one",
          .family = provider::find_family(family),
          .base = {.scheme = "https", .host = "a.example", .port = 443, .path = std::string(path)},
          .authority = "a.example",
          .key = base::secret{"sk-lent"}};
}

const cache::identity stranger{.credential = cache::credential_source::none};

/// The head's lines for a request with these fields.
std::string written(const std::vector<http::field>& fields, const outgoing& request,
                    const cache::identity& who = stranger, const upstream& where = to()) {
  return write_head(where, request, fields, who, "refrain-1");
}

constexpr outgoing get{.method = "GET", .path = "/models"};
constexpr outgoing chat{.method = "POST", .path = "/chat/completions", .length = 5, .cached_endpoint = true};

TEST(heads_upstream, are_written_anew) {
  EXPECT_EQ(written({{"Host", "localhost"}, {"Accept", "*/*"}, {"X-Some", "thing"}}, get),
            "GET /v1/models HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\nX-Some: thing\r\nVia: 1.1 refrain-1\r\n\r\n");
}

TEST(heads_upstream, keep_the_query_to_the_letter) {
  EXPECT_TRUE(
      written({}, {.method = "GET", .path = "/a", .query = "b=c%20d&&e"}).starts_with("GET /v1/a?b=c%20d&&e HTTP"));
}

TEST(heads_upstream, always_have_a_path) {
  const auto bare = to("openai", "");
  EXPECT_TRUE(written({}, {.method = "GET"}, stranger, bare).starts_with("GET / HTTP/1.1\r\n"));
  EXPECT_TRUE(written({}, {.method = "GET", .query = "a"}, stranger, bare).starts_with("GET /?a HTTP/1.1\r\n"));
  EXPECT_TRUE(written({}, {.method = "GET"}).starts_with("GET /v1 HTTP/1.1\r\n"));
}

TEST(heads_upstream, say_how_the_body_ends) {
  const std::vector<http::field> fields{{"Content-Length", "99"}, {"Transfer-Encoding", "chunked"}};
  const auto none = written(fields, {.method = "GET", .path = "/"});
  EXPECT_FALSE(none.contains("Content-Length")) << none;
  EXPECT_FALSE(none.contains("Transfer-Encoding")) << none;
  EXPECT_TRUE(written(fields, {.method = "POST", .path = "/", .length = 0}).contains("\r\nContent-Length: 0\r\n"));
  const auto chunked = written(fields, {.method = "POST", .path = "/", .chunked = true});
  EXPECT_TRUE(chunked.contains("\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_FALSE(chunked.contains("Content-Length"));
}

TEST(heads_upstream, leave_what_is_for_the_next_hop_alone) {
  const auto head = written({{"Connection", "close"},
                             {"Keep-Alive", "timeout=5"},
                             {"Proxy-Connection", "keep-alive"},
                             {"Proxy-Authorization", "Basic x"},
                             {"TE", "trailers"},
                             {"Trailer", "Digest"},
                             {"Upgrade", "h2c"},
                             {"Expect", "100-continue"},
                             {"X-Public", "2"}},
                            get);
  EXPECT_EQ(head, "GET /v1/models HTTP/1.1\r\nHost: a.example\r\nX-Public: 2\r\nVia: 1.1 refrain-1\r\n\r\n");
}

TEST(heads_upstream, tell_nothing_that_was_meant_for_the_gateway) {
  const std::vector<http::field> fields{{"x-refrain-ttl", "60"},
                                        {"X-Refrain-Client-Key", "k"},
                                        {"Cache-Control", "no-cache"},
                                        {"Accept-Encoding", "gzip"}};
  const auto cached = written(fields, chat);
  EXPECT_FALSE(cached.contains("efrain-ttl") || cached.contains("lient-Key")) << cached;
  EXPECT_FALSE(cached.contains("Cache-Control")) << cached;
  EXPECT_TRUE(cached.contains("\r\nAccept-Encoding: identity\r\n")) << cached;
  EXPECT_FALSE(cached.contains("gzip")) << cached;
  const auto passed = written(fields, get);
  EXPECT_FALSE(passed.contains("efrain-ttl") || passed.contains("lient-Key")) << passed;
  EXPECT_TRUE(passed.contains("\r\nCache-Control: no-cache\r\n")) << "what passes through is untouched";
  EXPECT_TRUE(passed.contains("\r\nAccept-Encoding: gzip\r\n")) << passed;
}

TEST(heads_upstream, name_every_hop) {
  const auto head = written({{"Via", "1.0 before"}}, get);
  EXPECT_TRUE(head.contains("Via: 1.0 before\r\n") && head.contains("Via: 1.1 refrain-1\r\n")) << head;
}

// Credentials.

const std::vector<http::field> with_key{{"Authorization", "Bearer sk-client"}, {"authorization", "Bearer sk-second"}};

TEST(credentials, of_the_client_go_upstream_where_they_are_its_own) {
  const auto head = written(with_key, chat, {.credential = cache::credential_source::own, .forwarded = 1});
  EXPECT_TRUE(head.contains("authorization: Bearer sk-client\r\n")) << head;
  EXPECT_FALSE(head.contains("sk-second")) << "what was not judged is not sent: " << head;
  EXPECT_FALSE(head.contains("sk-lent")) << head;
}

TEST(credentials, of_the_query_go_on_only_where_they_are_the_clients_own) {
  const auto gemini = to("gemini", "");
  const outgoing request{.method = "GET", .path = "/m", .query = "key=mine&alt=sse"};
  const auto lent = written({}, request, {.credential = cache::credential_source::lent}, gemini);
  EXPECT_TRUE(lent.starts_with("GET /m?alt=sse HTTP")) << lent;
  EXPECT_TRUE(lent.contains("x-goog-api-key: sk-lent\r\n")) << lent;
  // Behind those of the two headers.
  const auto own = written({}, request, {.credential = cache::credential_source::own, .forwarded = 4}, gemini);
  EXPECT_TRUE(own.starts_with("GET /m?key=mine&alt=sse HTTP")) << own;
  EXPECT_FALSE(own.contains("x-goog-api-key")) << own;
  EXPECT_TRUE(written({}, request, {.credential = cache::credential_source::lent}, to()).contains("?key=mine&alt=sse"));
}

TEST(credentials, that_are_not_forwarded_stay_here) {
  for (const auto from : {cache::credential_source::own, cache::credential_source::none}) {
    const auto head = written(with_key, chat, {.credential = from, .forwarded = 0});
    EXPECT_FALSE(head.contains("sk-")) << head;
  }
}

TEST(credentials, are_lent_in_the_words_of_the_provider) {
  const cache::identity lent{.credential = cache::credential_source::lent};
  const auto openai = written(with_key, chat, lent);
  EXPECT_TRUE(openai.contains("authorization: Bearer sk-lent\r\n")) << openai;
  EXPECT_FALSE(openai.contains("sk-client") || openai.contains("sk-second")) << openai;
  const auto anthropic =
      written({{"X-Api-Key", "dummy"}, {"Authorization", "Bearer dummy"}}, chat, lent, to("anthropic"));
  EXPECT_TRUE(anthropic.contains("x-api-key: sk-lent\r\n")) << anthropic;
  EXPECT_FALSE(anthropic.contains("dummy")) << anthropic;
}

/// A client must not be able to drop what the gateway adds.
TEST(credentials, are_lent_though_connection_names_their_field) {
  const auto head =
      written({{"Connection", "authorization, via, host"}}, chat, {.credential = cache::credential_source::lent});
  EXPECT_TRUE(head.contains("authorization: Bearer sk-lent\r\n") && head.contains("Via: ") && head.contains("Host: "))
      << head;
}

// Answers.

http::response_head answer(std::vector<http::field> fields, std::uint64_t length = 0) {
  http::response_head head;
  head.status = 201;
  head.fields = std::move(fields);
  head.length = length;
  return head;
}

TEST(answer_heads, pass_end_to_end_fields_on) {
  const auto read = read_answer_head(answer({{"Content-Type", "text/plain"},
                                             {"Connection", "close"},
                                             {"Keep-Alive", "timeout=5"},
                                             {"Transfer-Encoding", "chunked"},
                                             {"Trailer", "Digest"},
                                             {"Upgrade", "h2"},
                                             {"Alt-Svc", "h3=\":443\""},
                                             {"Retry-After", "7"},
                                             {"Set-Cookie", "a"},
                                             {"Set-Cookie", "b"}}));
  EXPECT_EQ(read.status, 201);
  EXPECT_EQ(read.content_type, "text/plain");
  const std::vector<std::pair<std::string, std::string>> expected{
      {"Retry-After", "7"}, {"Set-Cookie", "a"}, {"Set-Cookie", "b"}};
  EXPECT_EQ(read.fields, expected);
  EXPECT_EQ(read.length, std::nullopt);
}

TEST(answer_heads, tell_their_length_where_it_was_told) {
  EXPECT_EQ(read_answer_head(answer({{"Content-Length", "5"}}, 5)).length, 5u);
  EXPECT_EQ(read_answer_head(answer({{"content-length", "0"}}, 0)).length, 0u);
}

TEST(heads_upstream, ask_for_websocket_anew) {
  const std::vector<http::field> fields{{"Connection", "keep-alive, Upgrade"},
                                        {"Upgrade", "h2c, websocket"},
                                        {"Sec-WebSocket-Key", "k"},
                                        {"Accept-Encoding", "gzip"}};
  EXPECT_EQ(written(fields, {.method = "GET", .path = "/realtime", .websocket = true}),
            "GET /v1/realtime HTTP/1.1\r\nHost: a.example\r\nSec-WebSocket-Key: k\r\nAccept-Encoding: gzip\r\n"
            "Via: 1.1 refrain-1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
}

}  // namespace
}  // namespace refrain::gateway
