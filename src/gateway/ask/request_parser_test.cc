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

TEST(request_parser, makes_no_key_where_the_cache_is_off) {
  floors house{[](config::settings& to) { to.cache.enabled = false; }};
  const auto& request = house.chat("hello", {}, R"(,"stream":true)");
  ASSERT_TRUE(house.parsed);
  EXPECT_EQ(request.plan.asked, outcome::bypass);
  EXPECT_EQ(request.plan.why_not, entry::uncacheable_reason::cache_disabled);
  EXPECT_EQ(request.shown_key(), "");
  EXPECT_TRUE(request.parsed->fields.empty());
  EXPECT_EQ(request.parsed->model, "gpt-4o-mini") << "what calls are booked under is read";
  EXPECT_EQ(request.parsed->form, entry::wire_form::stream);
}

TEST(request_parser, does_not_parse_the_body_of_a_hit_again) {
  floors house;
  const auto& first = house.chat("hello");
  EXPECT_NE(house.chat("hello").parsed, first.parsed) << "most bodies never come again";
  house.remember(first);
  EXPECT_EQ(house.chat("hello").parsed, first.parsed);
  EXPECT_EQ(house.chat("hello").key, first.key);
  EXPECT_NE(house.chat("bye").parsed, first.parsed);
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

TEST(request_parser, leaves_out_what_the_operator_names) {
  floors house{[](config::settings& to) {
    to.cache.ignore_members = {"request_id"};
    to.upstreams["openai"].ignore_members = {"cache_salt"};
  }};
  const auto plain = house.chat("hello").key;
  EXPECT_EQ(house.chat("hello", {}, R"(,"request_id":"1")").key, plain);
  EXPECT_EQ(house.chat("hello", {}, R"(,"request_id":"2","cache_salt":"x")").key, plain);
  EXPECT_NE(house.chat("hello", {}, R"(,"session_id":"1")").key, plain);
  EXPECT_NE(house.chat("bye", {}, R"(,"request_id":"1")").key, plain);
}

TEST(request_parser, leaves_out_what_the_client_names_for_those_who_name_the_same) {
  floors house;
  const auto key = [&](std::string_view more, std::string_view ignore) {
    const auto& made = house.chat("hello", {{"Helicone-Cache-Ignore-Keys", std::string{ignore}}}, more);
    house.remember(made);
    return made.key;
  };
  const auto ignoring = key(R"(,"request_id":"1","seed":1)", "request_id");
  EXPECT_EQ(key(R"(,"request_id":"2","seed":1)", "request_id"), ignoring);
  EXPECT_EQ(key(R"(,"request_id":"2","seed":1)", " request_id , request_id"), ignoring);
  EXPECT_NE(key(R"(,"request_id":"1","seed":2)", "request_id"), ignoring);
  EXPECT_NE(key(R"(,"request_id":"1","seed":1)", ""), ignoring);
  EXPECT_NE(house.chat("hello", {}, R"(,"request_id":"1","seed":1)").key, ignoring) << "the same body, remembered";
  EXPECT_NE(key(R"(,"request_id":"1","seed":1)", "request_id,seed"), house.chat("hello").key)
      << "nobody else's answer changes";
}

TEST(request_parser, never_leaves_out_what_is_asked) {
  floors house{[](config::settings& to) { to.cache.ignore_members = {"messages", "model", "input", "tools"}; }};
  EXPECT_NE(house.chat("hello").key, house.chat("bye").key);
  EXPECT_NE(house.embeddings(R"("a")").key, house.embeddings(R"("b")").key);
}

}  // namespace
}  // namespace refrain::gateway
