#include "gateway/shared/site.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refrain::gateway {
namespace {

using base::errc;

config::settings with(std::string base_url) {
  config::settings all;
  all.upstreams["openai"] = {.base_url = std::move(base_url), .dialect = "openai", .api_key = base::secret{"sk-lent"}};
  return all;
}

TEST(sites, know_the_way_to_their_upstreams) {
  auto all = with("https://API.openai.example/v1/");
  all.upstreams["local"] = {.base_url = "http://[::1]:8080", .dialect = "anthropic", .ask_usage = true};
  const auto made = make_site(all);
  ASSERT_TRUE(made) << made.error().context;
  const auto& openai = (*made)->upstreams.at("openai");
  EXPECT_EQ(openai.family->name, "openai");
  EXPECT_EQ(openai.authority, "api.openai.example");
  EXPECT_EQ(openai.base.path, "/v1");
  EXPECT_EQ(openai.route.host, "api.openai.example");
  EXPECT_EQ(openai.route.port, 443);
  EXPECT_TRUE(openai.route.tls);
  EXPECT_FALSE(openai.route.proxy);
  EXPECT_EQ(openai.key.reveal(), "sk-lent");
  const auto& local = (*made)->upstreams.at("local");
  EXPECT_EQ(local.authority, "[::1]:8080");
  EXPECT_FALSE(local.route.tls);
  EXPECT_TRUE(local.ask_usage);
  EXPECT_FALSE((*made)->beyond_loopback);
}

TEST(sites, do_not_lend_a_withheld_key) {
  auto all = with("https://a");
  all.upstreams["openai"].key_withheld = true;
  const auto made = make_site(all);
  ASSERT_TRUE(made);
  EXPECT_TRUE((*made)->upstreams.at("openai").key.empty());
}

struct bad_setting {
  std::string_view name;
  void (*spoil)(config::settings&);
  std::string_view named;  ///< what the message has to name
};

class bad_settings : public testing::TestWithParam<bad_setting> {};

TEST_P(bad_settings, are_refused_by_name) {
  auto all = with("https://a");
  GetParam().spoil(all);
  const auto made = make_site(all);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::bad_config);
  EXPECT_TRUE(made.error().context.contains(GetParam().named)) << made.error().context;
  EXPECT_FALSE(made.error().context.contains("sk-lent"));
}

INSTANTIATE_TEST_SUITE_P(
    each, bad_settings,
    testing::Values(bad_setting{"no_url", [](auto& all) { all.upstreams["openai"].base_url = "api.example"; },
                                "upstream.openai.base_url"},
                    bad_setting{"another_scheme", [](auto& all) { all.upstreams["openai"].base_url = "ftp://a"; },
                                "upstream.openai.base_url"},
                    bad_setting{"no_port", [](auto& all) { all.upstreams["openai"].base_url = "http://a:0"; },
                                "upstream.openai.base_url"},
                    bad_setting{"unknown_dialect", [](auto& all) { all.upstreams["openai"].dialect = "klingon"; },
                                "upstream.openai.dialect"},
                    bad_setting{"unknown_default", [](auto& all) { all.server.default_upstream = "other"; },
                                "server.default_upstream"},
                    bad_setting{"no_proxy_url", [](auto& all) { all.https_proxy = "proxy:3128"; }, "HTTPS_PROXY"},
                    bad_setting{"a_proxy_that_wants_tls", [](auto& all) { all.https_proxy = "https://proxy:3128"; },
                                "HTTPS_PROXY"},
                    bad_setting{"a_proxy_of_another_kind", [](auto& all) { all.https_proxy = "socks5://proxy:1080"; },
                                "HTTPS_PROXY"},
                    bad_setting{"keys_for_strangers", [](auto& all) { all.server.listen.host = "0.0.0.0"; }, "openai"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(sites, go_by_the_proxy_for_https_alone) {
  auto all = with("https://a.example");
  all.https_proxy = "http://user:word@proxy:3128";
  all.upstreams["plain"] = {.base_url = "http://b.example", .dialect = "openai"};
  all.upstreams["near"] = {.base_url = "https://c.internal", .dialect = "openai"};
  all.no_proxy = {".internal"};
  const auto made = make_site(all);
  ASSERT_TRUE(made) << made.error().context;
  const auto& proxy = (*made)->upstreams.at("openai").route.proxy;
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->host, "proxy");
  EXPECT_EQ(proxy->userinfo, "user:word");
  EXPECT_FALSE((*made)->upstreams.at("plain").route.proxy);
  EXPECT_FALSE((*made)->upstreams.at("near").route.proxy);
}

struct proxy_rule {
  std::string_view host;
  std::vector<std::string> rules;
  bool bypasses;
};

TEST(no_proxy, holds_for_names_and_what_is_below_them) {
  for (const auto& [host, rules, bypasses] :
       {proxy_rule{"a.example", {}, false}, proxy_rule{"a.example", {"*"}, true},
        proxy_rule{"a.example", {"A.Example"}, true}, proxy_rule{"a.example", {"example"}, true},
        proxy_rule{"a.example", {".example"}, true}, proxy_rule{"example", {".example"}, true},
        proxy_rule{"aexample", {"example"}, false}, proxy_rule{"example", {"a.example"}, false},
        proxy_rule{"a.example", {"x", "y", "a.example"}, true}, proxy_rule{"127.0.0.1", {"127.0.0.1"}, true},
        proxy_rule{"::1", {"::1"}, true}, proxy_rule{"a.example", {""}, false},
        proxy_rule{"a.example.", {"."}, false}}) {
    EXPECT_EQ(bypasses_proxy(host, rules), bypasses) << host << ' ' << testing::PrintToString(rules);
  }
}

}  // namespace
}  // namespace refrain::gateway
