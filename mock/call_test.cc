#include "mock/call.h"

#include <gtest/gtest.h>

#include <set>

namespace refrain::mock {
namespace {

TEST(query, gives_its_members_decoded) {
  call asked;
  asked.target = "/v1/speak?model=a-b&text=a%20b+c%2F&empty=&flag&model=second&bad=%zz%4";
  EXPECT_EQ(asked.parameter("model"), "a-b");
  EXPECT_EQ(asked.parameter("text"), "a b c/");
  EXPECT_EQ(asked.parameter("empty"), "");
  EXPECT_EQ(asked.parameter("flag"), "");
  EXPECT_EQ(asked.parameter("bad"), "%zz%4");
  EXPECT_EQ(asked.parameter("mode"), std::nullopt);
  asked.target = "/v1/speak";
  EXPECT_EQ(asked.parameter("model"), std::nullopt);
}

TEST(authorization, is_of_one_scheme) {
  call asked;
  asked.headers = {{"authorization", "token abc"}};
  EXPECT_EQ(asked.authorization("Token"), "abc");
  EXPECT_EQ(asked.authorization("Bearer"), "");
  EXPECT_EQ(asked.authorization("Tok"), "");
  asked.headers = {{"Authorization", "Token"}};
  EXPECT_EQ(asked.authorization("Token"), "");
}

TEST(uuid, is_one_and_differs_from_call_to_call) {
  std::set<std::string> seen;
  for (std::uint64_t number = 1; number <= 100; ++number) {
    call asked;
    asked.number = number;
    asked.run = 0x0123456789abcdef;
    const auto id = asked.uuid();
    EXPECT_EQ(id.size(), 36U);
    EXPECT_EQ(id[14], '4');
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 100U);
}

}  // namespace
}  // namespace refrain::mock
