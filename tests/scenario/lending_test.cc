#include <gtest/gtest.h>

#include <string>

#include "support/gateway.h"

namespace refrain::tests {
namespace {

struct visit_case {
  std::string_view name;
  header_list headers;
  int status;
};

const visit_case visits[]{
    {"localhost", {{"Host", "localhost:7337"}}, 200},
    {"address", {{"Host", "127.0.0.1"}}, 200},
    {"address_of_another_family", {{"Host", "[::1]:7337"}}, 200},
    {"rebound_name", {{"Host", "evil.example"}}, 421},
    {"listed_name", {{"Host", "cache.lan"}}, 200},
    {"foreign_origin", {{"Origin", "https://evil.example"}}, 403},
    {"origin_null", {{"Origin", "null"}}, 403},
    {"listed_origin", {{"Origin", "http://app.lan:3000"}}, 200},
    {"image_of_another_site", {{"sec-fetch-site", "cross-site"}}, 403},
    {"client_key_from_anywhere",
     {{"Host", "evil.example"}, {"Origin", "https://evil.example"}, {"x-refrain-client-key", "key-of-anna"}},
     200},
    {"own_credential_and_rebound_name", {{"Host", "evil.example"}, {"Authorization", "Bearer sk-own"}}, 421},
};

class visits_where_a_key_is_lent : public testing::TestWithParam<visit_case> {};

TEST_P(visits_where_a_key_is_lent, may_not_come_from_a_web_page) {
  gateway at_work{{.configure = [](auto& to) {
    to.server.hosts = {"cache.lan"};
    to.server.origins = {"http://app.lan:3000"};
    to.clients["anna"] = {.key = base::secret{"key-of-anna"}};
  }}};
  const auto got = at_work.client().post(chat_path, chat("hello"), GetParam().headers);
  EXPECT_EQ(got.status, GetParam().status) << got.body;
  EXPECT_EQ(at_work.calls(), got.status == 200 ? 1U : 0U);
  if (got.status != 200) {
    EXPECT_EQ(got.header("x-should-retry"), "false");
    EXPECT_TRUE(got.body.contains(got.status == 421 ? "server.hosts" : "server.origins")) << got.body;
  }
}

INSTANTIATE_TEST_SUITE_P(of_clients, visits_where_a_key_is_lent, testing::ValuesIn(visits),
                         [](const auto& one) { return std::string(one.param.name); });

/// As a request comes through a proxy on this machine: from loopback, and from anybody.
TEST(lending, once_there_are_clients_strangers_of_this_machine_are_lent_nothing_either) {
  gateway at_work{{.configure = [](auto& to) {
    to.clients["anna"] = {.key = base::secret{"key-of-anna"}};
    to.clients_required = true;
    to.upstreams["keyless"] = to.upstreams["openai"];
    to.upstreams["keyless"].api_key = {};
  }}};
  auto client = at_work.client();
  for (const std::string path : {"/v1/chat/completions", "/v1/models", "/keyless/v1/chat/completions"}) {
    for (const std::string key : {"", "DUMMY_KEY", "sk-own"}) {
      const auto got = client.post(path, chat("hello"), {{"Authorization", "Bearer " + key}});
      EXPECT_EQ(got.status, 401) << path;
      EXPECT_TRUE(got.body.contains("clients.required")) << got.body;
    }
  }
  EXPECT_EQ(at_work.calls(), 0U);
  EXPECT_EQ(client.post(chat_path, chat("hello"), {{"Authorization", "Bearer key-of-anna"}}).status, 200);
  const header_list both{{"Authorization", "Bearer sk-own"}, {"x-refrain-client-key", "key-of-anna"}};
  EXPECT_EQ(client.post(chat_path, chat("hello"), both).status, 200);
  EXPECT_EQ(client.get("/healthz").status, 200);

  at_work.reload([](auto& to) { to.clients_required = false; });
  EXPECT_EQ(at_work.client().post(chat_path, chat("hello")).status, 200);
}

TEST(lending, status_routes_are_open_to_all) {
  gateway at_work;
  auto client = at_work.client();
  for (const auto path : {"/healthz", "/readyz", "/metrics"}) {
    EXPECT_EQ(client.get(path, {{"Host", "evil.example"}, {"Origin", "https://evil.example"}}).status, 200) << path;
  }
}

TEST(lending, preflights_of_others_are_not_answered) {
  gateway at_work;
  for (const auto& fields :
       {header_list{{"Access-Control-Request-Method", "POST"}},
        header_list{{"Access-Control-Request-Method", "POST"}, {"Origin", "https://evil.example"}}}) {
    const auto got = at_work.client().request("OPTIONS", chat_path, "", fields);
    EXPECT_EQ(got.status, 403);
    EXPECT_EQ(got.count("access-control-allow-origin"), 0U);
  }
  EXPECT_EQ(at_work.calls(), 0);
}

TEST(lending, an_upstream_that_needs_no_key_is_guarded_too) {
  gateway at_work{{.configure = [](auto& to) { to.upstreams["openai"].api_key = {}; }}};
  EXPECT_EQ(at_work.client().post(chat_path, chat("hello"), {{"Host", "evil.example"}}).status, 421);
  EXPECT_EQ(at_work.client().post(chat_path, chat("hello"), {{"Origin", "https://evil.example"}}).status, 403);
  EXPECT_EQ(at_work.calls(), 0);
}

TEST(lending, trace_is_refused) {
  gateway at_work;
  EXPECT_EQ(at_work.client().request("TRACE", chat_path, "", {}).status, 405);
  EXPECT_EQ(at_work.calls(), 0);
}

const std::string page = "http://app.lan:3000";

TEST(listed_origins, may_preflight) {
  gateway at_work{{.configure = [](auto& to) { to.server.origins = {page}; }}};
  const auto got = at_work.client().request("OPTIONS", chat_path, "",
                                            {{"Origin", page},
                                             {"Access-Control-Request-Method", "POST"},
                                             {"Access-Control-Request-Headers", "authorization, content-type"}});
  EXPECT_EQ(got.status, 204);
  EXPECT_EQ(got.header("access-control-allow-origin"), page);
  EXPECT_EQ(got.header("access-control-allow-methods"), "POST");
  EXPECT_EQ(got.header("access-control-allow-headers"), "authorization, content-type");
  EXPECT_EQ(at_work.calls(), 0) << "the upstream is not asked";
}

TEST(listed_origins, may_read_every_answer) {
  gateway at_work{{.configure = [](auto& to) { to.server.origins = {page}; }}};
  auto client = at_work.client();
  const auto miss = client.post(chat_path, chat("hello"), {{"Origin", page}});
  const auto hit = client.post(chat_path, chat("hello"), {{"Origin", page}});
  const auto passed = client.get("/v1/models", {{"Origin", page}});
  const auto refused = client.post(chat_path, chat("hello"), {{"Origin", page}, {"x-refrain-ttl", "soon"}});
  EXPECT_EQ(hit.outcome(), "HIT");
  EXPECT_EQ(refused.status, 400);
  for (const auto* one : {&miss, &hit, &passed, &refused}) {
    EXPECT_EQ(one->header("access-control-allow-origin"), page);
    EXPECT_EQ(one->header("access-control-expose-headers"), "*");
    EXPECT_EQ(one->header("vary"), "Origin");
  }
  EXPECT_EQ(client.post(chat_path, chat("hello")).count("access-control-allow-origin"), 0U);
}

TEST(lending, a_request_that_comes_back_ends_with_508_and_says_why) {
  gateway at_work;
  at_work.reload([&](auto& to) {
    to.upstreams["openai"].base_url = "http://127.0.0.1:" + std::to_string(at_work.port()) + "/v1";
  });
  for (const auto path : {chat_path, std::string_view{"/v1/models"}}) {
    const auto got = at_work.client().post(path, chat("hello"));
    EXPECT_EQ(got.status, 508);
    EXPECT_TRUE(got.body.contains("upstream.openai.base_url")) << got.body;
  }
  EXPECT_EQ(at_work.calls(), 0);
  EXPECT_TRUE(at_work.entries().empty());
}

TEST(lending, a_chain_of_two_gateways_is_no_loop) {
  gateway behind;
  gateway before{{.configure = [&](auto& to) {
    to.upstreams["openai"].base_url = "http://127.0.0.1:" + std::to_string(behind.port()) + "/v1";
  }}};
  auto client = before.client();
  const auto miss = client.post(chat_path, chat("hello"));
  EXPECT_EQ(miss.status, 200);
  EXPECT_EQ(miss.count("x-refrain-cache"), 1U);
  EXPECT_EQ(miss.count("x-refrain-key"), 1U);
  EXPECT_EQ(client.get("/v1/models").count("x-refrain-cache"), 1U);
  EXPECT_EQ(client.post(chat_path, chat("hello")).outcome(), "HIT");
}

}  // namespace
}  // namespace refrain::tests
