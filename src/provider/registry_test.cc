#include "provider/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

namespace refrain::provider {
namespace {

namespace json = boost::json;

TEST(registry, every_row_belongs_to_a_family_and_is_found_by_its_path) {
  for (const auto& row : endpoints()) {
    EXPECT_NE(find_family(row.family), nullptr) << row.family;
    std::string path{row.path};
    for (auto at = path.find("{}"); at != std::string::npos; at = path.find("{}")) path.replace(at, 2, "segment");
    EXPECT_EQ(find_endpoint(row.family, path), &row) << path;
    EXPECT_EQ(find_endpoint(row.family, "/v1" + path), &row) << path;
  }
}

TEST(registry, only_the_whole_path_of_its_own_family_meets_a_row) {
  EXPECT_NE(find_endpoint("openai", "/chat/completions"), nullptr);
  for (const auto* const path : {"/chat/completions/", "/chat/completions/x", "/chat", "chat/completions", "", "/",
                                 "/v1", "/v1/v1/chat/completions", "/v2/chat/completions", "/Chat/Completions"}) {
    EXPECT_EQ(find_endpoint("openai", path), nullptr) << path;
  }
  EXPECT_EQ(find_endpoint("anthropic", "/chat/completions"), nullptr);
  const auto* const azure = find_endpoint("azure", "/openai/deployments/my-gpt/chat/completions");
  ASSERT_NE(azure, nullptr);
  EXPECT_EQ(&azure->wire, &find_endpoint("openai", "/chat/completions")->wire);
  EXPECT_EQ(find_endpoint("nobody", "/chat/completions"), nullptr);
}

TEST(registry, a_row_may_fit_a_part_of_a_segment_below_any_version) {
  const auto* const plain = find_endpoint("gemini", "/v1beta/models/gemini-2.5-flash:generateContent");
  ASSERT_NE(plain, nullptr);
  for (const auto* const path : {"/models/m:generateContent", "/v1/models/m:generateContent",
                                 "/v1alpha/models/m:generateContent", "/v1beta/models/m:x:generateContent"}) {
    EXPECT_EQ(find_endpoint("gemini", path), plain) << path;
  }
  const auto* const stream = find_endpoint("gemini", "/v1beta/models/gemini-2.5-flash:streamGenerateContent");
  ASSERT_NE(stream, nullptr);
  EXPECT_EQ(stream->name, plain->name);
  for (const auto* const path : {"/v1beta/models/:generateContent", "/v1beta/models/m", "/v1beta/models/m:generate",
                                 "/v1gamma/models/m:generateContent", "/v1beta/models/a/m:generateContent",
                                 "/v1beta/tunedModels/m:generateContent", "/v1beta/v1/models/m:generateContent"}) {
    EXPECT_EQ(find_endpoint("gemini", path), nullptr) << path;
  }
}

TEST(registry, has_code_for_every_family_that_may_be_configured) {
  std::vector<std::string_view> names;
  for (const auto& one : families()) names.push_back(one.name);
  EXPECT_EQ(names, std::vector(config::dialects().begin(), config::dialects().end()));
}

TEST(registry, a_lent_key_goes_into_a_header_that_is_looked_at) {
  std::set<std::string_view> names;
  for (const auto& one : families()) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_EQ(find_family(one.name), &one);
    const auto& seen = one.credential_headers;
    EXPECT_NE(std::ranges::find(seen, one.credential_header), seen.end()) << one.name;
  }
  EXPECT_EQ(find_family("nobody"), nullptr);
}

TEST(registry, error_bodies_are_json_whatever_the_context_holds) {
  using namespace std::string_literals;
  for (const auto& one : families()) {
    for (const auto& context :
         {""s, "plain words"s, "\"quotes\" \\ and\nlines\t\x01"s, "bytes \xff\xfe \xc3"s, "\0zero"s, "é 🏙"s}) {
      json::error_code fault;
      const auto body = one.error_body({.code = base::errc::upstream_timeout, .context = context});
      EXPECT_TRUE(json::parse(body, fault).is_object()) << one.name << body;
      EXPECT_FALSE(fault) << one.name << body;
    }
  }
}

struct error_shape {
  std::string_view family;
  std::string_view body;
};

class error_shapes : public testing::TestWithParam<error_shape> {};

TEST_P(error_shapes, are_the_providers_own) {
  const base::error why{.code = base::errc::upstream_timeout, .context = "It took too long."};
  EXPECT_EQ(json::parse(find_family(GetParam().family)->error_body(why)), json::parse(GetParam().body));
}

INSTANTIATE_TEST_SUITE_P(
    each, error_shapes,
    testing::Values(
        error_shape{
            "openai",
            R"({"error":{"message":"It took too long.","type":"api_error","param":null,"code":"upstream_timeout"}})"},
        error_shape{"anthropic", R"({"type":"error","error":{"type":"api_error","message":"It took too long."}})"},
        error_shape{"gemini", R"({"error":{"code":504,"message":"It took too long.","status":"DEADLINE_EXCEEDED"}})"},
        error_shape{"elevenlabs", R"({"detail":{"status":"upstream_timeout","message":"It took too long."}})"},
        error_shape{"sarvam",
                    R"({"error":{"message":"It took too long.","code":"upstream_timeout","request_id":null}})"},
        error_shape{"deepgram", R"({"err_code":"upstream_timeout","err_msg":"It took too long.","request_id":null})"},
        error_shape{
            "cartesia",
            R"({"error_code":"upstream_timeout","title":"api_error","message":"It took too long.","request_id":null})"},
        error_shape{"ollama", R"({"error":"It took too long."})"}),
    [](const auto& one) { return std::string(one.param.family); });

}  // namespace
}  // namespace refrain::provider
