#include "gateway/ask/request_parser.h"

#include <gtest/gtest.h>

#include "support/gateway/floors.h"

namespace refrain::gateway {
namespace {

using entry::outcome;

TEST(request_parser, names_one_item_for_a_chat) {
  floors house;
  const auto& request = house.chat("hello");
  ASSERT_TRUE(house.parsed);
  ASSERT_EQ(request.items.size(), 1U);
  EXPECT_EQ(request.list, nullptr);
  EXPECT_EQ(request.key, request.items.front().id.digest);
  EXPECT_EQ(request.parsed->query, "hello");
  EXPECT_TRUE(request.plan.look_up && request.plan.store);
  EXPECT_EQ(house.chat("hello").key, request.key);
  EXPECT_NE(house.chat("bye").key, request.key);
}

TEST(request_parser, names_each_text_of_a_list_once) {
  floors house;
  const auto& request = house.embeddings(R"(["a","b","a"])");
  ASSERT_EQ(request.items.size(), 3U);
  EXPECT_NE(request.list, nullptr);
  EXPECT_EQ(request.items[0].same_as, 0U);
  EXPECT_EQ(request.items[1].same_as, 1U);
  EXPECT_EQ(request.items[2].same_as, 0U);
  EXPECT_NE(request.key, request.items[0].id.digest) << "the whole has a key of its own";
}

TEST(request_parser, knows_a_list_of_one_by_its_item) {
  floors house;
  const auto& one = house.embeddings(R"(["a"])");
  EXPECT_EQ(one.key, one.items[0].id.digest);
  EXPECT_EQ(house.embeddings(R"("a")").key, one.key);
  EXPECT_EQ(house.embeddings(R"(["b","a"])").items[1].id, one.items[0].id);
}

TEST(request_parser, takes_no_list_apart_that_is_not_cached) {
  floors house;
  const auto& request = house.embeddings(R"(["a","b"])", {{"cache-control", "no-store"}});
  EXPECT_EQ(request.items.size(), 1U);
  EXPECT_EQ(request.list, nullptr);
  EXPECT_EQ(request.plan.asked, outcome::bypass);
}

TEST(request_parser, refuses_a_bad_directive) {
  floors house;
  const auto& request = house.chat("hello", {{"x-refrain-ttl", "soon"}});
  ASSERT_FALSE(house.parsed);
  EXPECT_EQ(house.parsed.error().code, base::errc::bad_directive);
  EXPECT_TRUE(request.items.empty());
}

TEST(request_parser, keeps_namespaces_and_credentials_apart) {
  floors house;
  const auto& plain = house.chat("hello");
  EXPECT_NE(house.chat("hello", {{"x-refrain-namespace", "team"}}).key, plain.key);
  EXPECT_NE(house.chat("hello", {{"authorization", "Bearer sk-mine"}}).key, plain.key);
}

}  // namespace
}  // namespace refrain::gateway
