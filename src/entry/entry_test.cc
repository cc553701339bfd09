#include "entry/entry.h"

#include <gtest/gtest.h>

#include <set>

#include "entry/uncacheable_reason.h"

namespace refrain::entry {
namespace {

TEST(storage_name, is_what_a_person_sees_among_the_keys) {
  const auto digest = base::sha256("x");
  const auto hex = digest.hex();
  entry_id id{.type = cache_type::llm, .digest = digest, .tenant = {}, .group = {}, .suffix = {}};
  EXPECT_EQ(storage_name(id), "llm:exact:" + hex);
  id = {.type = cache_type::tts, .digest = digest, .tenant = {}, .group = "elevenlabs:Anna", .suffix = "mp3"};
  EXPECT_EQ(storage_name(id), "tts:elevenlabs:Anna:" + hex + ":mp3");
  id = {.type = cache_type::embedding, .digest = digest, .tenant = {}, .group = "openai:small", .suffix = {}};
  EXPECT_EQ(storage_name(id), "embedding:openai:small:" + hex);
  id = {.type = cache_type::text, .digest = digest, .tenant = {}, .group = {}, .suffix = {}};
  EXPECT_EQ(storage_name(id), "text:" + hex);
}

TEST(cache_types, are_read_as_they_are_written) {
  for (const auto type : {cache_type::llm, cache_type::embedding, cache_type::tts, cache_type::stt, cache_type::image,
                          cache_type::text}) {
    EXPECT_EQ(cache_type_from(to_string(type)), type);
  }
  EXPECT_EQ(cache_type_from("video"), std::nullopt);
}

TEST(wire_forms, are_named_and_found_by_their_name) {
  for (const auto form :
       {wire_form::plain, wire_form::stream, wire_form::array, wire_form::timed, wire_form::timed_stream}) {
    EXPECT_EQ(wire_form_from(to_string(form)), form);
  }
  EXPECT_EQ(to_string(wire_form::timed_stream), "timed_stream");
  EXPECT_EQ(wire_form_from("sideways"), std::nullopt);
}

TEST(refusals, each_have_a_name_of_their_own) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(uncacheable_reason::purged); ++i) {
    const auto name = to_string(static_cast<uncacheable_reason>(i));
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos) << name;
  }
  EXPECT_EQ(to_string(uncacheable_reason::none), "");
  EXPECT_EQ(to_string(uncacheable_reason::content_filter), "content-filter");
}

TEST(memory_of_an_entry, grows_by_what_is_added) {
  entry one;
  const auto empty = one.memory();
  EXPECT_EQ(empty, sizeof(entry));
  one.about.query = std::string(1000, 'q');
  one.about.headers.emplace_back("content-language", std::string(500, 'v'));
  one.body.emplace_back(std::string(10'000, 'b'));
  EXPECT_GE(one.memory(), empty + 11'500);
  EXPECT_LE(one.memory(), empty + 11'500 + 300);
}

}  // namespace
}  // namespace refrain::entry
