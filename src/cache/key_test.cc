#include "cache/key.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace refrain::cache {
namespace {

using fields = std::vector<http::field>;

constexpr std::array<std::string_view, 1> dialect_headers{"cartesia-version"};
const std::vector<std::string> operator_headers{"X-Variant"};

const key_maker& maker() {
  static const key_maker instance{{}};
  return instance;
}

/// A request in values, so that a test can change one part of it.
struct sample {
  std::string base_url = "https://api.openai.com/v1";
  std::string upstream = "openai";
  std::string endpoint = "chat.completions";
  std::string path = "/chat/completions";
  std::string query = "a=1&b=2";
  std::string content = "content";
  std::string tenant = "tenant";
  std::string name_space = "space";
  fields headers{{"OpenAI-Beta", "one"}, {"anthropic-version", "2023-06-01"}, {"X-Variant", "v"}, {"accept", "*/*"}};
  bool with_user = false;
  bool with_account = false;

  [[nodiscard]] base::digest256 key(const key_maker& make = maker()) const {
    const auto user = base::sha256("user");
    const auto account = base::sha256("account");
    return make({.upstream = upstream_identity(upstream, base_url),
                 .endpoint = endpoint,
                 .path = path,
                 .query = query,
                 .content = base::sha256(content),
                 .tenant = base::sha256(tenant),
                 .name_space = name_space,
                 .headers = headers,
                 .dialect_headers = dialect_headers,
                 .operator_headers = operator_headers,
                 .user = with_user ? &user : nullptr,
                 .account = with_account ? &account : nullptr});
  }
};

struct change {
  std::string_view name;
  std::function<void(sample&)> make;
};

class key_changes : public testing::TestWithParam<change> {};
class key_constancies : public testing::TestWithParam<change> {};

base::digest256 changed_key(const change& one) {
  sample changed;
  one.make(changed);
  return changed.key();
}

TEST_P(key_changes, with_each_part) { EXPECT_NE(changed_key(GetParam()), sample{}.key()); }
TEST_P(key_constancies, without_meaning_change_nothing) { EXPECT_EQ(changed_key(GetParam()), sample{}.key()); }

std::string name_of(const testing::TestParamInfo<change>& one) { return std::string(one.param.name); }

INSTANTIATE_TEST_SUITE_P(
    each, key_changes,
    testing::Values(change{"upstream_name", [](sample& s) { s.upstream = "other"; }},
                    change{"base_url_host", [](sample& s) { s.base_url = "https://eu.api.openai.com/v1"; }},
                    change{"base_url_path", [](sample& s) { s.base_url = "https://api.openai.com/v2"; }},
                    change{"base_url_port", [](sample& s) { s.base_url = "https://api.openai.com:8443/v1"; }},
                    change{"base_url_scheme", [](sample& s) { s.base_url = "http://api.openai.com/v1"; }},
                    change{"endpoint", [](sample& s) { s.endpoint = "completions"; }},
                    change{"path", [](sample& s) { s.path = "/chat/completions2"; }},
                    change{"query", [](sample& s) { s.query = "a=1&b=3"; }},
                    change{"query_gone", [](sample& s) { s.query = ""; }},
                    change{"content", [](sample& s) { s.content = "other"; }},
                    change{"tenant", [](sample& s) { s.tenant = "other"; }},
                    change{"name_space", [](sample& s) { s.name_space = "other"; }},
                    change{"openai_header", [](sample& s) { s.headers[0].value = "two"; }},
                    change{"anthropic_header", [](sample& s) { s.headers[1].value = "2026-10-21"; }},
                    change{"operator_s_header", [](sample& s) { s.headers[2].value = "w"; }},
                    change{"dialect_s_header", [](sample& s) { s.headers.push_back({"Cartesia-Version", "1"}); }},
                    change{"header_gone", [](sample& s) { s.headers.erase(s.headers.begin()); }},
                    change{"header_twice", [](sample& s) { s.headers.push_back({"OpenAI-Beta", "one"}); }},
                    change{"header_value_s_case", [](sample& s) { s.headers[0].value = "One"; }},
                    change{"user", [](sample& s) { s.with_user = true; }},
                    change{"account", [](sample& s) { s.with_account = true; }}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    each, key_constancies,
    testing::Values(change{"order_of_headers", [](sample& s) { std::ranges::reverse(s.headers); }},
                    change{"case_of_header_names", [](sample& s) { s.headers[0].name = "openai-BETA"; }},
                    change{"order_of_query", [](sample& s) { s.query = "b=2&a=1"; }},
                    change{"base_url_spelt_otherwise",
                           [](sample& s) { s.base_url = "HTTPS://API.openai.com:443/v1/"; }},
                    change{"headers_that_vary_by_themselves",
                           [](sample& s) {
                             for (const auto* name :
                                  {"x-stainless-retry-count", "user-agent", "Idempotency-Key", "cookie",
                                   "accept-encoding", "x-fern-runtime", "authorization", "x-request-id"}) {
                               s.headers.push_back({name, "varies"});
                             }
                           }},
                    change{"other_headers_gone", [](sample& s) { s.headers.pop_back(); }}),
    name_of);

TEST(key, lines_of_one_header_keep_their_order) {
  sample one;
  one.headers = {{"openai-beta", "a"}, {"OpenAI-Beta", "b"}};
  sample other;
  other.headers = {{"OpenAI-Beta", "b"}, {"openai-beta", "a"}};
  EXPECT_NE(one.key(), other.key());
}

TEST(key, is_keyed_by_the_secret) {
  EXPECT_NE(sample{}.key(key_maker(base::digester(base::secret("pepper")))), sample{}.key());
}

TEST(key, leaves_out_credentials_that_the_tenant_stands_for) {
  const auto make = [](std::string_view query) {
    return maker()({.upstream = {}, .endpoint = "e", .path = "/", .query = query, .left_out = credential_parameters});
  };
  EXPECT_EQ(make("alt=sse&key=one"), make("key=two&alt=sse"));
  EXPECT_NE(make("alt=sse&keys=one"), make("keys=two&alt=sse"));
}

/// Moves a border between two neighbouring parts: the bytes stay, the parts differ.
TEST(key, parts_never_run_together) {
  std::mt19937 random(20'261'122);
  for (int round = 0; round < 2'000; ++round) {
    std::string text(1 + random() % 12, 'a');
    for (auto& c : text) c = "ab=&/"[random() % 5];
    std::set<base::digest256> keys;
    std::set<std::vector<std::string>> parts;
    for (std::size_t first = 0; first <= text.size(); ++first) {
      for (std::size_t second = first; second <= text.size(); ++second) {
        const std::vector<std::string> cut{text.substr(0, first), text.substr(first, second - first),
                                           text.substr(second)};
        const fields headers{{"openai-x", cut[2]}};
        keys.insert(maker()({.endpoint = cut[0], .path = cut[1], .name_space = "", .headers = headers}));
        keys.insert(maker()({.endpoint = "", .path = cut[0], .name_space = cut[1] + "|" + cut[2], .headers = {}}));
        parts.insert({"e", cut[0], cut[1], cut[2]});
        parts.insert({"n", cut[0], cut[1] + "|" + cut[2]});
      }
    }
    ASSERT_EQ(keys.size(), parts.size()) << text;
  }
}

}  // namespace
}  // namespace refrain::cache
