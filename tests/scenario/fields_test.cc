#include <gtest/gtest.h>

#include <string>

#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

const header_list between_neighbours{{"Connection", "keep-alive, X-Drop-Me"},
                                     {"X-Drop-Me", "1"},
                                     {"Keep-Alive", "timeout=5"},
                                     {"TE", "trailers"},
                                     {"Upgrade", "h2c"},
                                     {"Proxy-Authorization", "Basic x"},
                                     {"Proxy-Connection", "keep-alive"},
                                     {"X-Keep-Me", "1"}};

class fields_of_requests : public testing::TestWithParam<std::string_view> {};

TEST_P(fields_of_requests, between_neighbours_stay_behind_and_the_rest_goes_on) {
  gateway at_work;
  at_work.client().post(GetParam(), chat("hello"), between_neighbours);
  const auto seen = at_work.last_request();
  for (const auto name : {"x-drop-me", "keep-alive", "te", "upgrade", "proxy-authorization", "proxy-connection"}) {
    EXPECT_FALSE(seen.has(name)) << name;
  }
  EXPECT_FALSE(seen.header("connection").contains("X-Drop-Me"));
  EXPECT_EQ(seen.header("x-keep-me"), "1");
  EXPECT_TRUE(seen.header("via").starts_with("1.1 refrain-")) << seen.header("via");
  EXPECT_EQ(seen.header("host"), "127.0.0.1:" + std::to_string(at_work.upstream_port()));
}

TEST_P(fields_of_requests, of_our_own_stay_behind) {
  gateway at_work;
  at_work.client().post(GetParam(), chat("hello"), {{"x-refrain-tags", "a"}, {"x-refrain-ttl", "60"}});
  const auto seen = at_work.last_request();
  EXPECT_FALSE(seen.has("x-refrain-tags"));
  EXPECT_FALSE(seen.has("x-refrain-ttl"));
}

INSTANTIATE_TEST_SUITE_P(on, fields_of_requests, testing::Values(chat_path, "/v1/anything/else"), [](const auto& one) {
  return one.param == chat_path ? "a_cached_endpoint" : "another_route";
});

class fields_of_answers : public testing::TestWithParam<std::string_view> {};

TEST_P(fields_of_answers, between_neighbours_stay_behind_and_the_rest_goes_on) {
  scripted_upstream provider{[](auto& now) {
    now.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    now.write(response(chat_answer("hello"), "application/json",
                       "Connection: keep-alive, X-Drop-Me\r\nX-Drop-Me: 1\r\nKeep-Alive: timeout=5\r\n"
                       "Proxy-Authenticate: Basic\r\nX-Keep-Me: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  const auto got = at_work.client().post(GetParam(), chat("hello"));
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, chat_answer("hello"));
  for (const auto name : {"x-drop-me", "keep-alive", "proxy-authenticate", "connection", "link"}) {
    EXPECT_EQ(got.count(name), 0U) << name;
  }
  EXPECT_EQ(got.header("x-keep-me"), "1");
  EXPECT_EQ(got.count("set-cookie"), GetParam() == chat_path ? 0U : 2U);  // a cached answer's cookies are nobody's
}

INSTANTIATE_TEST_SUITE_P(of, fields_of_answers, testing::Values(chat_path, "/v1/anything/else"), [](const auto& one) {
  return one.param == chat_path ? "a_cached_endpoint" : "another_route";
});

TEST(fields, identity_is_asked_for_on_cached_endpoints_and_left_alone_elsewhere) {
  gateway at_work;
  auto client = at_work.client();
  const header_list directive{{"Accept-Encoding", "gzip, br"}};
  client.post(chat_path, chat("hello"), directive);
  EXPECT_EQ(at_work.last_request().header("accept-encoding"), "identity");
  client.get("/v1/models", directive);
  EXPECT_EQ(at_work.last_request().header("accept-encoding"), "gzip, br");
}

}  // namespace
}  // namespace refrain::tests
