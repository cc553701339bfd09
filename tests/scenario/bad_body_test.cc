#include <gtest/gtest.h>

#include <string>

#include "support/gateway.h"

namespace refrain::tests {
namespace {

struct bad_body {
  std::string_view name;
  std::string body;
  std::string_view detail;
  int status;
};

std::string nested(std::size_t depth) {
  return R"({"model":"m","messages":[{"role":"user","content":"x"}],"x":)" + std::string(depth, '[') +
         std::string(depth, ']') + "}";
}

const bad_body bad_bodies[]{
    {"no_json", "{nonsense", "malformed-body", 400},
    {"empty", "", "malformed-body", 400},
    {"an_array", "[]", "malformed-body", 400},
    {"no_messages", R"({"model":"m"})", "malformed-body", 400},
    {"duplicate_members", R"({"model":"a","model":"b","messages":[{"role":"user","content":"x"}]})", "ambiguous-body",
     200},
    {"duplicate_members_by_escape", R"({"model":"a","mode\u006c":"b","messages":[{"role":"user","content":"x"}]})",
     "ambiguous-body", 200},
    {"invalid_utf8", "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"\xff\"}]}", "ambiguous-body",
     400},
    {"lone_surrogate", R"({"model":"m","messages":[{"role":"user","content":"\ud800"}]})", "ambiguous-body", 400},
    {"too_deep", nested(200), "too-deep", 200},
};

class bad_bodies_of_requests : public testing::TestWithParam<bad_body> {};

/// It is the upstream that says what is wrong, and the client that gets it to the letter.
TEST_P(bad_bodies_of_requests, are_forwarded_to_the_letter_and_not_cached) {
  const auto& how = GetParam();
  gateway at_work;
  auto client = at_work.client();
  for (int i = 0; i < 2; ++i) {
    const auto got = client.post(chat_path, how.body);
    EXPECT_EQ(got.outcome(), "BYPASS");
    EXPECT_TRUE(got.header("cache-status").contains(how.detail)) << got.header("cache-status");
    EXPECT_EQ(got.status, how.status) << got.body;
  }
  EXPECT_EQ(at_work.calls(), 2);
  if (how.name != "invalid_utf8") EXPECT_EQ(at_work.last_request().body, how.body);
  EXPECT_TRUE(at_work.entries().empty());
}

INSTANTIATE_TEST_SUITE_P(requests, bad_bodies_of_requests, testing::ValuesIn(bad_bodies),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace refrain::tests
