#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "support/gateway.h"

namespace refrain::tests {
namespace {

header_list bearer(const std::string& key) { return {{"Authorization", "Bearer " + key}}; }

/// Anna and Bert are tenants of their own; Carla and Dora may share the namespace `team`.
void name_clients(config::settings& to) {
  to.clients["anna"] = {.key = base::secret{"key-of-anna"}};
  to.clients["bert"] = {.key = base::secret{"key-of-bert"}};
  to.clients["carla"] = {.key = base::secret{"key-of-carla"}, .namespaces = {"team"}};
  to.clients["dora"] = {.key = base::secret{"key-of-dora"}, .namespaces = {"team"}};
}

TEST(tenants, two_keys_never_share) {
  gateway at_work;
  auto client = at_work.client();
  EXPECT_EQ(client.post(chat_path, chat("hello"), bearer("sk-one")).outcome(), "MISS");
  EXPECT_EQ(client.post(chat_path, chat("hello"), bearer("sk-two")).outcome(), "MISS");
  EXPECT_EQ(client.post(chat_path, chat("hello")).outcome(), "MISS");
  EXPECT_EQ(client.post(chat_path, chat("hello"), bearer("sk-one")).outcome(), "HIT");
  EXPECT_EQ(at_work.calls(), 3);
  EXPECT_EQ(at_work.entries().size(), 3U);
}

/// An upstream that speaks OpenAI's format may take its key in any field.
TEST(tenants, are_told_apart_by_any_field_that_may_hold_a_credential) {
  for (const std::string name :
       {"X-Api-Key", "api-key", "Cookie", "X-Auth-Token", "X-Forwarded-User", "X-Acting-For"}) {
    gateway at_work{{.configure = [](auto& to) { to.security.credential_headers = {"x-acting-for"}; }}};
    auto client = at_work.client();
    EXPECT_EQ(client.post(chat_path, chat("hello"), {{name, "who=alice"}}).outcome(), "MISS");
    EXPECT_EQ(client.post(chat_path, chat("hello"), {{name, "who=bob"}}).outcome(), "MISS") << name;
    EXPECT_EQ(client.post(chat_path, chat("hello"), {{name, "who=alice"}}).outcome(), "HIT") << name;
  }
}

TEST(tenants, are_not_told_apart_by_a_field_that_is_not_sent_on) {
  gateway at_work;
  const auto with = [](const std::string& team) {
    return header_list{{"Connection", "close, OpenAI-Organization"}, {"OpenAI-Organization", team}};
  };
  EXPECT_EQ(at_work.client().post(chat_path, chat("hello"), with("a")).outcome(), "MISS");
  EXPECT_FALSE(at_work.last_request().has("openai-organization"));
  EXPECT_EQ(at_work.client().post(chat_path, chat("hello"), with("b")).outcome(), "HIT");
}

TEST(tenants, a_client_key_never_goes_upstream_in_whatever_field_or_parameter) {
  gateway at_work{{.configure = name_clients}};
  auto client = at_work.client();
  client.post(std::string(chat_path) + "?a=1&token=key%2Dof-anna", chat("hello"),
              {{"X-Api-Key", "key-of-anna"}, {"X-Note", "Bearer key-of-anna"}, {"X-Other", "stays"}});
  const auto seen = at_work.last_request();
  EXPECT_FALSE(seen.has("x-api-key") || seen.has("x-note"));
  EXPECT_TRUE(seen.has("x-other"));
  EXPECT_FALSE(seen.target.contains("anna")) << seen.target;
}

TEST(tenants, absent_and_placeholder_keys_are_the_tenant_of_the_lent_key) {
  gateway at_work;
  auto client = at_work.client();
  client.post(chat_path, chat("hello"));
  EXPECT_EQ(at_work.last_request().header("authorization"), "Bearer sk-lent");
  for (const std::string key : {"DUMMY_KEY", "sk-test", "dummy", "none", "EMPTY", "-", "sk-lent", ""}) {
    EXPECT_EQ(client.post(chat_path, chat("hello"), bearer(key)).outcome(), "HIT") << key;
  }
  client.post(chat_path, chat("other"), bearer("DUMMY_KEY"));
  EXPECT_EQ(at_work.last_request().header("authorization"), "Bearer sk-lent");
}

TEST(tenants, a_key_of_the_clients_own_goes_upstream_to_the_letter) {
  gateway at_work;
  at_work.client().post(chat_path, chat("hello"), bearer("sk-own"));
  EXPECT_EQ(at_work.last_request().header("authorization"), "Bearer sk-own");
}

TEST(tenants, a_client_key_names_its_tenant_and_never_goes_upstream) {
  gateway at_work{{.configure = name_clients}};
  auto client = at_work.client();
  client.post(chat_path, chat("hello"), bearer("key-of-anna"));
  EXPECT_EQ(at_work.last_request().header("authorization"), "Bearer sk-lent");
  EXPECT_EQ(client.post(chat_path, chat("hello"), bearer("key-of-bert")).outcome(), "MISS");
  EXPECT_EQ(client.post(chat_path, chat("hello"), {{"x-refrain-client-key", "key-of-anna"}}).outcome(), "HIT");
  client.post(chat_path, chat("other"), {{"x-refrain-client-key", "key-of-anna"}, {"Authorization", "Bearer sk-own"}});
  const auto seen = at_work.last_request();
  EXPECT_EQ(seen.header("authorization"), "Bearer sk-own");
  EXPECT_FALSE(seen.has("x-refrain-client-key"));
}

TEST(tenants, a_client_key_that_nobody_has_is_refused) {
  gateway at_work{{.configure = name_clients}};
  const auto got = at_work.client().post(chat_path, chat("hello"), {{"x-refrain-client-key", "key-of-nobody"}});
  EXPECT_EQ(got.status, 401);
  EXPECT_EQ(got.header("x-should-retry"), "false");
  EXPECT_TRUE(got.body.contains("authentication_error"));
  EXPECT_EQ(at_work.calls(), 0);
}

TEST(tenants, a_listed_namespace_is_shared_and_another_only_subdivides) {
  gateway at_work{{.configure = name_clients}};
  auto client = at_work.client();
  const auto ask = [&](const std::string& who, const std::string& name_space) {
    auto headers = bearer("key-of-" + who);
    if (!name_space.empty()) headers.emplace_back("x-refrain-namespace", name_space);
    return client.post(chat_path, chat("hello"), headers).outcome();
  };
  EXPECT_EQ(ask("carla", "team"), "MISS");
  EXPECT_EQ(ask("dora", "team"), "HIT");
  EXPECT_EQ(ask("anna", "team"), "MISS") << "not listed for her";
  EXPECT_EQ(ask("bert", "team"), "MISS");
  EXPECT_EQ(ask("anna", "team"), "HIT") << "her own part of that name";
  EXPECT_EQ(ask("carla", ""), "MISS");
  EXPECT_EQ(ask("carla", "other"), "MISS");
  EXPECT_EQ(ask("dora", "other"), "MISS");
}

TEST(tenants, a_shared_namespace_does_not_reach_what_one_of_a_tenant_of_that_name_has) {
  gateway at_work{{.configure = [](auto& to) {
    name_clients(to);
    to.clients["team"] = {.key = base::secret{"key-of-team"}};
  }}};
  auto client = at_work.client();
  client.post(chat_path, chat("hello"), bearer("key-of-team"));
  auto shared = bearer("key-of-carla");
  shared.emplace_back("x-refrain-namespace", "team");
  EXPECT_EQ(client.post(chat_path, chat("hello"), shared).outcome(), "MISS");
}

TEST(tenants, requests_of_two_tenants_at_once_make_two_calls) {
  gateway at_work{{.upstream = {.latency = std::chrono::milliseconds{100}}}};
  auto one = at_work.client();
  auto two = at_work.client();
  one.ask("POST", chat_path, chat("hello"), bearer("sk-one"));
  two.ask("POST", chat_path, chat("hello"), bearer("sk-two"));
  const auto first = one.receive();
  const auto second = two.receive();
  EXPECT_EQ(first.outcome(), "MISS");
  EXPECT_EQ(second.outcome(), "MISS");
  EXPECT_NE(first.header("x-refrain-key"), second.header("x-refrain-key"));
  EXPECT_EQ(at_work.calls(), 2);
}

TEST(tenants, a_purge_of_one_leaves_the_others) {
  gateway at_work{{.configure = name_clients}};
  auto client = at_work.client();
  client.post(chat_path, chat("hello"), bearer("key-of-anna"));
  client.post(chat_path, chat("hello"), bearer("key-of-bert"));
  at_work.purge({.tenant = "client anna"});
  EXPECT_EQ(client.post(chat_path, chat("hello"), bearer("key-of-bert")).outcome(), "HIT");
  EXPECT_EQ(client.post(chat_path, chat("hello"), bearer("key-of-anna")).outcome(), "MISS");
}

}  // namespace
}  // namespace refrain::tests
