#include "provider/litellm/key.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/digest.h"
#include "support/provider/litellm.h"

namespace refrain::provider {
namespace {

constexpr litellm_naming usual{.provider = "openai", .name_space = ""};
constexpr std::string_view plain_call = R"({"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]})";

bool holds(const std::vector<std::string>& keys, const std::string& wanted) {
  return std::ranges::find(keys, wanted) != keys.end();
}

TEST(litellm_keys, are_those_that_litellm_gives_to_the_call) {
  for (const auto& one : testing::litellm_cases()) {
    const auto keys =
        litellm_keys(one.body, {.provider = one.provider, .name_space = one.name_space, .asked = one.asked});
    EXPECT_TRUE(holds(keys, one.key)) << one.name;
  }
}

TEST(litellm_keys, are_those_of_real_entries) {
  const auto samples = testing::litellm_samples();
  if (samples.empty()) GTEST_SKIP() << "no entries of a real LiteLLM are here: REFRAIN_TEST_DATA says where they are";
  for (const auto& one : samples) EXPECT_TRUE(holds(litellm_keys(one.body, usual), one.key)) << one.name;
}

TEST(litellm_keys, likeliest_comes_first) {
  // sha256 of "model: openai/gpt-4o-minimessages: [{'role': 'user', 'content': 'Hi'}]"
  EXPECT_EQ(litellm_keys(plain_call, usual).front(),
            "5639721f69322c0a9cd06ab09253005ae682f0511fce042ad8d402ca00dec97f");
}

TEST(litellm_keys, are_few_and_each_is_asked_for_once) {
  EXPECT_EQ(litellm_keys(plain_call, usual).size(), 3U);
  for (const auto& one : testing::litellm_cases()) {
    auto keys = litellm_keys(one.body, {.provider = one.provider, .name_space = one.name_space, .asked = one.asked});
    EXPECT_LE(keys.size(), 6U) << one.name;
    std::ranges::sort(keys);
    EXPECT_EQ(std::ranges::adjacent_find(keys), keys.end()) << one.name;
  }
}

TEST(litellm_keys, of_another_namespace_are_other_keys) {
  const auto own = litellm_keys(plain_call, {.provider = "openai", .name_space = "a"});
  const auto asked = litellm_keys(plain_call, {.provider = "openai", .name_space = "a", .asked = "b"});
  EXPECT_TRUE(own.front().starts_with("a:"));
  EXPECT_TRUE(asked.front().starts_with("a:b:"));
  EXPECT_EQ(own.front().substr(2), asked.front().substr(4));
}

TEST(litellm_keys, are_none_where_they_would_part_less_than_ours) {
  for (const auto* const member :
       {R"("guided_json":{})", R"("top_k":4)", R"("extra":1)", R"("previous_response_id":"r")"}) {
    const auto body = R"({"model":"m","messages":[],)" + std::string{member} + "}";
    EXPECT_TRUE(litellm_keys(body, usual).empty()) << member;
  }
}

TEST(litellm_keys, are_none_where_pythons_differ) {
  for (const auto* const value : {"18446744073709551616", "-9223372036854775809", "1e400", "1e-400"}) {
    const auto body = R"({"model":"m","messages":[],"seed":)" + std::string{value} + "}";
    EXPECT_TRUE(litellm_keys(body, usual).empty()) << value;
  }
}

TEST(litellm_keys, are_none_of_what_is_no_call) {
  for (const auto* const body : {"", "[]", "{}", "{", R"({"model":"m"})", R"({"messages":[]})",
                                 R"({"model":null,"messages":[]})", R"({"model":"m","messages":[],"messages":[]})"}) {
    EXPECT_TRUE(litellm_keys(body, usual).empty()) << body;
  }
}

std::string sha256_of(std::string_view text) { return base::sha256(text).hex(); }

TEST(litellm_embedding_keys, are_those_of_real_entries) {
  const auto samples = testing::litellm_samples("/embeddings");
  if (samples.empty()) GTEST_SKIP() << "no entries of a real LiteLLM are here: REFRAIN_TEST_DATA says where they are";
  for (const auto& one : samples) {
    const auto keys = litellm_embedding_keys(one.body, usual);
    ASSERT_EQ(keys.size(), 1U) << one.name;
    EXPECT_EQ(keys.front().front(), one.key) << one.name;
  }
}

TEST(litellm_embedding_keys, are_those_of_each_item_alone) {
  const auto keys = litellm_embedding_keys(R"({"input":["a","b"],"model":"m","dimensions":3})", usual);
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_TRUE(holds(keys[0], sha256_of("model: minput: adimensions: 3")));
  EXPECT_TRUE(holds(keys[0], sha256_of("model: openai/minput: adimensions: 3")));
  EXPECT_TRUE(holds(keys[1], sha256_of("model: minput: bdimensions: 3")));
  EXPECT_EQ(keys[1].size(), 4U);
  const auto alone = litellm_embedding_keys(R"({"model":"m","input":"b","dimensions":3})", usual);
  EXPECT_EQ(alone.at(0), keys[1]);
  const auto tokens = litellm_embedding_keys(R"({"model":"m","input":[[1,2],[3]]})", usual);
  EXPECT_TRUE(holds(tokens.at(0), sha256_of("model: minput: [1, 2]")));
  EXPECT_EQ(litellm_embedding_keys(R"({"model":"m","input":[1,2]})", usual).at(0), tokens.at(0));
}

TEST(litellm_embedding_keys, hold_either_form_of_the_vector) {
  const auto plain = litellm_embedding_keys(R"({"model":"m","input":"a"})", usual).at(0);
  const auto base64 = litellm_embedding_keys(R"({"input":"a","model":"m","encoding_format":"base64"})", usual).at(0);
  for (const auto& keys : {plain, base64}) {
    EXPECT_TRUE(holds(keys, sha256_of("model: minput: a")));
    EXPECT_TRUE(holds(keys, sha256_of("model: minput: aencoding_format: base64")));
  }
}

TEST(litellm_embedding_keys, of_a_list_of_one_are_also_those_of_the_whole) {
  const auto keys = litellm_embedding_keys(R"({"model":"m","input":["it's"]})", usual).at(0);
  EXPECT_TRUE(holds(keys, sha256_of("model: minput: it's")));
  EXPECT_TRUE(holds(keys, sha256_of("model: minput: [\"it's\"]")));
  EXPECT_EQ(keys.size(), 8U);
}

TEST(litellm_embedding_keys, are_none_where_they_would_part_less_than_ours) {
  for (const auto* const body :
       {R"({"model":"m","input":"a","input_type":"query"})", R"({"model":"m","input":"a","late_chunking":true})",
        R"({"model":"m"})", R"({"input":"a"})", "[]", "x"}) {
    EXPECT_TRUE(litellm_embedding_keys(body, usual).empty()) << body;
  }
}

}  // namespace
}  // namespace refrain::provider
