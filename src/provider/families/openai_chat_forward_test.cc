#include "provider/families/openai.h"

#include <gtest/gtest.h>

#include <string>

#include "provider/json/canonical.h"
#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

namespace json = boost::json;

std::string forward(std::string_view body, bool ask_usage) {
  return openai_chat.forward_body(body, openai_chat.read({.path = {}, .query = {}, .body = body}), ask_usage);
}

TEST(chat_forward, body_without_directives_stays_to_the_letter) {
  const std::string body = " {\"messages\" :[ ],\n\"model\":\"m\", \"stream\":true, \"x\":1.50} ";
  EXPECT_EQ(forward(body, false), body);
  EXPECT_EQ(forward("not json", true), "not json");
  const std::string plain = R"({"messages":[],"model":"m"})";
  EXPECT_EQ(forward(plain, true), plain);
}

TEST(chat_forward, a_large_body_is_changed_like_a_small_one) {
  const auto body = [](std::string_view usage) {
    return R"({"messages":[{"role":"user","content":")" + std::string(300'000, 'x') +
           R"("}],"model":"m","stream":true,"stream_options":{"include_usage":)" + std::string{usage} + "}}";
  };
  EXPECT_EQ(forward(body("false"), true), body("true"));
}

struct splice {
  std::string_view name;
  std::string_view body;
  std::string_view forwarded;
};

class chat_splices : public ::testing::TestWithParam<splice> {};

TEST_P(chat_splices, touch_nothing_else) { EXPECT_EQ(forward(GetParam().body, true), GetParam().forwarded); }

INSTANTIATE_TEST_SUITE_P(
    each, chat_splices,
    ::testing::Values(
        splice{"cache_first", R"({ "cache":{"ttl":1} , "model":"m","messages":[]})", R"({ "model":"m","messages":[]})"},
        splice{"cache_between", R"({"model":"m", "cache": {"a":{}},  "messages":[]})",
               R"({"model":"m", "messages":[]})"},
        splice{"cache_last", R"({"model":"m","messages":[] , "cache":{ } })", R"({"model":"m","messages":[]  })"},
        splice{"cache_in_escapes", R"({"model":"m","\u0063ache":{},"messages":[]})", R"({"model":"m","messages":[]})"},
        splice{"cache_of_the_provider", R"({"model":"m","messages":[],"cache":true})",
               R"({"model":"m","messages":[],"cache":true})"},
        splice{"cache_deeper_is_not_meant", R"({"model":"m","messages":[{"cache":{}}]})",
               R"({"model":"m","messages":[{"cache":{}}]})"},
        splice{"usage_without_options", R"({"model":"m","messages":[],"stream":true})",
               R"({"stream_options":{"include_usage":true},"model":"m","messages":[],"stream":true})"},
        splice{"usage_with_null_options", R"({"model":"m","messages":[],"stream":true,"stream_options": null})",
               R"({"model":"m","messages":[],"stream":true,"stream_options": {"include_usage":true}})"},
        splice{"usage_with_empty_options", R"({"model":"m","messages":[],"stream":true,"stream_options":{ }})",
               R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true }})"},
        splice{
            "usage_with_other_options",
            R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_obfuscation":false}})",
            R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false}})"},
        splice{"usage_refused",
               R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage" : false }})",
               R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage" : true }})"},
        splice{"usage_null", R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":null}})",
               R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})"},
        splice{"usage_asked_already",
               R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})",
               R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})"},
        splice{"both", R"({"cache":{},"model":"m","messages":[],"stream":true})",
               R"({"stream_options":{"include_usage":true},"model":"m","messages":[],"stream":true})"}),
    [](const auto& one) { return std::string(one.param.name); });

/// The body's value as it should go upstream.
json::value expected(const json::value& body, bool ask_usage) {
  json::object out = body.as_object();
  if (const auto* const cache = out.if_contains("cache"); cache != nullptr && cache->is_object()) out.erase("cache");
  const auto* const stream = out.if_contains("stream");
  if (ask_usage && stream != nullptr && stream->as_bool()) {
    auto& options = out["stream_options"];
    if (!options.is_object()) options = json::object{};
    options.as_object()["include_usage"] = true;
  }
  return out;
}

/// Bytes that do not depend on how integers were spelt.
std::string canonical(const json::value& value) {
  return std::string{canonicaliser::of_thread().read(json::serialize(value))->bytes()};
}

TEST(chat_forward, value_is_the_same_but_for_the_splices_in_any_layout) {
  const json::value caches[] = {json::object{}, json::object{{"ttl", 5}, {"cache", {{"cache", "}"}}}}, true, "cache"};
  const json::value options[] = {nullptr, json::object{}, json::object{{"include_usage", false}},
                                 json::object{{"include_usage", true}},
                                 json::object{{"a", {{"include_usage", 1}}}, {"include_usage", nullptr}, {"z", 1}}};
  testing::random_source random{42};
  for (int round = 0; round < 3000; ++round) {
    json::object body{
        {"model", "m"},
        {"messages", {{{"role", "user"}, {"content", "\"cache\":{},\"stream_options\""}, {"cache", {}}}}}};
    if (testing::pick(random, 2) == 0) body["cache"] = caches[testing::pick(random, std::size(caches))];
    if (testing::pick(random, 3) != 0) body["stream"] = testing::pick(random, 3) != 0;
    if (testing::pick(random, 2) == 0) body["stream_options"] = options[testing::pick(random, std::size(options))];
    if (testing::pick(random, 2) == 0) body["tools"] = {{{"stream_options", nullptr}}};
    const std::string text = testing::respell(body, random);
    const bool ask_usage = testing::pick(random, 2) == 0;
    json::error_code fault;
    const auto forwarded = json::parse(forward(text, ask_usage), fault);
    ASSERT_FALSE(fault) << text << "\n" << forward(text, ask_usage);
    ASSERT_EQ(canonical(forwarded), canonical(expected(body, ask_usage))) << text;
  }
}

}  // namespace
}  // namespace refrain::provider
