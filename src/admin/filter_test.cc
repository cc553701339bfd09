#include "admin/filter.h"

#include <gtest/gtest.h>

#include <string>

#include "admin/parameters.h"

namespace refrain::admin {
namespace {

constexpr base::sys_seconds now{std::chrono::seconds{1'000'000}};

base::result<entry::selector> narrowed(std::string_view name, std::string_view text) {
  entry::selector what;
  const auto done = narrow(what, name, text, now);
  if (!done) return base::fail(done.error());
  return what;
}

TEST(filter, each_name_narrows_one_member) {
  EXPECT_EQ(narrowed("type", "tts"), (entry::selector{.type = entry::cache_type::tts}));
  EXPECT_EQ(narrowed("upstream", "openai"), (entry::selector{.upstream = "openai"}));
  EXPECT_EQ(narrowed("provider", "openai"), (entry::selector{.upstream = "openai"}));
  EXPECT_EQ(narrowed("model", "gpt-4o"), (entry::selector{.model = "gpt-4o"}));
  EXPECT_EQ(narrowed("tag", "a b"), (entry::selector{.tag = "a b"}));
  EXPECT_EQ(narrowed("tenant", "alice"), (entry::selector{.tenant = "alice"}));
  EXPECT_EQ(narrowed("namespace", "n"), (entry::selector{.name_space = "n"}));
  EXPECT_EQ(narrowed("level", "speed"), (entry::selector{.level = "speed"}));
  EXPECT_EQ(narrowed("text", "hello"), (entry::selector{.text = "hello"}));
  EXPECT_EQ(narrowed("older_than", "2h"), (entry::selector{.stored_before = now - std::chrono::hours{2}}));
  EXPECT_EQ(narrowed("older_than", "90"), (entry::selector{.stored_before = now - std::chrono::seconds{90}}));
}

TEST(filter, refuses_what_it_does_not_know) {
  for (const auto& [name, text] : {std::pair{"typ", "llm"},
                                   {"type", "lm"},
                                   {"level", "best"},
                                   {"older_than", "soon"},
                                   {"older_than", "-2h"},
                                   {"model", ""},
                                   {"tag", "  "}}) {
    EXPECT_EQ(narrowed(name, text).error().code, base::errc::bad_usage) << name << "=" << text;
  }
  EXPECT_NE(narrowed("modell", "x").error().context.find("'model'"), std::string::npos);
}

TEST(query_parameters, are_decoded_as_forms_write_them) {
  const auto all = parameters::parse("text=two+words&model=a%2Fb%3D%26&empty=&bare");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->find("text"), "two words");
  EXPECT_EQ(all->find("model"), "a/b=&");
  EXPECT_EQ(all->find("empty"), "");
  EXPECT_EQ(all->find("bare"), "");
  EXPECT_EQ(all->find("other"), std::nullopt);
}

TEST(query_parameters, are_refused_where_they_are_broken_or_ambiguous) {
  for (const auto* const bad : {"a=%", "a=%2", "a=%zz", "%=1", "a=1&a=2"}) {
    EXPECT_EQ(parameters::parse(bad).error().code, base::errc::bad_usage) << bad;
  }
}

TEST(query_parameters, hold_numbers_within_bounds) {
  const auto all = parameters::parse("limit=10&big=1001&word=x");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->number("limit", 100, 1, 1000), 10);
  EXPECT_EQ(all->number("absent", 100, 1, 1000), 100);
  EXPECT_FALSE(all->number("big", 100, 1, 1000));
  EXPECT_FALSE(all->number("word", 100, 1, 1000));
}

}  // namespace
}  // namespace refrain::admin
