#include "server/router.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace refrain::server {
namespace {

using base::errc;

gateway::upstream make(std::string name, std::string base_path) {
  return {.name = std::move(name),
          .family = provider::find_family("openai"),
          .base = {.scheme = "https", .host = "a.example", .port = 443, .path = std::move(base_path)}};
}

gateway::site make_site() {
  gateway::site made;
  made.settings.server.default_upstream = "openai";
  made.upstreams.emplace("openai", make("openai", "/v1"));
  made.upstreams.emplace("bare", make("bare", ""));
  made.upstreams.emplace("deep", make("deep", "/api/v1"));
  return made;
}

http::request_head asking_for(std::string_view target) {
  http::request_head head;
  head.method = "POST";
  head.target = target;
  return head;
}

struct way {
  std::string_view target;
  std::string_view upstream;
  std::string_view path;
  std::string_view query = "";
  bool cached = false;
};

class ways : public testing::TestWithParam<way> {};

TEST_P(ways, lead_to_an_upstream) {
  const auto site = make_site();
  const auto& one = GetParam();
  const auto to = route(asking_for(one.target), site);
  ASSERT_TRUE(to) << to.error().context;
  EXPECT_EQ(to->what, route_kind::upstream);
  EXPECT_EQ(to->to.to->name, one.upstream);
  EXPECT_EQ(to->to.path, one.path);
  EXPECT_EQ(to->to.query, one.query);
  EXPECT_EQ(to->to.endpoint != nullptr, one.cached);
}

INSTANTIATE_TEST_SUITE_P(each, ways,
                         testing::Values(way{"/v1/chat/completions", "openai", "/chat/completions", "", true},
                                         way{"/v1/chat/completions?a=b?c", "openai", "/chat/completions", "a=b?c",
                                             true},
                                         way{"/v1/models", "openai", "/models"}, way{"/v1", "openai", ""},
                                         way{"/v1/", "openai", "/"}, way{"/v1?x", "openai", "", "x"},
                                         way{"/openai/v1/chat/completions", "openai", "/chat/completions", "", true},
                                         way{"/openai/chat/completions", "openai", "/chat/completions", "", true},
                                         way{"/openai/v1beta/x", "openai", "/v1beta/x"},
                                         way{"/bare/v1/chat/completions", "bare", "/v1/chat/completions", "", true},
                                         way{"/bare", "bare", ""}, way{"/bare/", "bare", "/"},
                                         way{"/deep/v1/chat/completions", "deep", "/chat/completions", "", true},
                                         way{"/openai/v1/v1/x", "openai", "/v1/x"},
                                         way{"http://gateway:7337/v1/models?q", "openai", "/models", "q"},
                                         way{"/v1/a..b/...", "openai", "/a..b/..."}),
                         [](const auto& one) { return "way_" + std::to_string(one.index); });

TEST(own_paths, are_found_by_their_exact_path) {
  const auto site = make_site();
  struct row {
    std::string_view target;
    route_kind what;
  };
  for (const auto& [target, what] :
       {row{"/healthz", route_kind::healthz}, row{"/readyz?verbose", route_kind::readyz},
        row{"/metrics", route_kind::metrics}, row{"/", route_kind::welcome}, row{"/?a", route_kind::welcome},
        row{"http://gateway", route_kind::welcome}, row{"http://gateway/healthz", route_kind::healthz}}) {
    const auto to = route(asking_for(target), site);
    ASSERT_TRUE(to) << target;
    EXPECT_EQ(to->what, what) << target;
  }
  for (const auto* const target : {"/healthz/", "/metrics/x", "/Healthz"}) {
    EXPECT_FALSE(route(asking_for(target), site)) << target;
  }
}

TEST(targets, that_lead_nowhere_are_refused_with_the_names_that_do) {
  const auto site = make_site();
  for (const auto* const target :
       {"/v2/models", "/OpenAI/v1", "//v1/models", "/v1beta/models", "/openaix/v1", "/chat/completions"}) {
    const auto to = route(asking_for(target), site);
    ASSERT_FALSE(to) << target;
    EXPECT_EQ(to.error().code, errc::unknown_upstream);
    EXPECT_TRUE(to.error().context.contains("bare, deep, openai")) << to.error().context;
  }
}

TEST(targets, that_climb_are_refused) {
  const auto site = make_site();
  for (const auto* const target : {"/v1/..", "/v1/../admin", "/openai/../x", "/v1/%2e%2e/x", "/v1/%2E./x", "/v1/.%2e/x",
                                   "/v1/x/..?y", "/v1/..%2fadmin", "/v1/..%2fadmin%zz", "/v1/%/%2e%2e/x",
                                   "/v1/x%2F..%2Fy", "/v1/..\\x", "/v1/..%5Cx", "/v1/..;a/x"}) {
    const auto to = route(asking_for(target), site);
    ASSERT_FALSE(to) << target;
    EXPECT_EQ(to.error().code, errc::malformed_request) << target;
  }
}

TEST(targets, that_are_no_paths_are_refused) {
  const auto site = make_site();
  for (const auto* const target : {"*", "a.example:443", "v1/models", ""}) {
    const auto to = route(asking_for(target), site);
    ASSERT_FALSE(to) << target;
    EXPECT_EQ(to.error().code, errc::malformed_request) << target;
  }
}

}  // namespace
}  // namespace refrain::server
