#include "base/secret.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>

namespace refrain::base {
namespace {

template <class T>
concept streamable = requires(std::ostream& out, const T& one) { out << one; };

static_assert(!streamable<secret>);
static_assert(!fmt::is_formattable<secret>::value);
static_assert(!std::is_convertible_v<secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, secret>);

/// The object's own bytes: a short text stands among them.
std::string_view memory_of(const secret& one) { return {reinterpret_cast<const char*>(&one), sizeof one}; }

TEST(secrets, tell_themselves_when_asked) {
  EXPECT_EQ(secret{"hidden"}.reveal(), "hidden");
  EXPECT_TRUE(secret{}.empty());
  EXPECT_FALSE(secret{"x"}.empty());
}

TEST(secrets, show_the_end_of_long_ones_alone) {
  EXPECT_EQ(secret{}.masked(), "");
  EXPECT_EQ(secret{"12345678901"}.masked(), "****");
  EXPECT_EQ(secret{"123456789012"}.masked(), "****12");
}

TEST(secrets, leave_nothing_where_they_moved_from) {
  for (const auto* const text : {"hidden", "a hidden text of more than a few words"}) {
    secret from{text};
    const secret made{std::move(from)};
    EXPECT_FALSE(memory_of(from).contains("idde")) << "by construction";
    EXPECT_EQ(made.reveal(), text);

    secret again{text};
    secret to{"other"};
    to = std::move(again);
    EXPECT_FALSE(memory_of(again).contains("idde")) << "by assignment";
    EXPECT_EQ(to.reveal(), text);
  }
}

TEST(secrets, leave_nothing_of_what_they_were) {
  secret one{"hidden word"};
  one = secret{"new"};
  EXPECT_FALSE(memory_of(one).contains("word"));
  EXPECT_EQ(one.reveal(), "new");
  const secret other{"x"};
  one = secret{"hidden word"};
  one = other;
  EXPECT_FALSE(memory_of(one).contains("word"));
  EXPECT_EQ(one.reveal(), "x");
}

TEST(secrets, survive_assignment_to_themselves) {
  secret one{"hidden"};
  auto& same = one;
  one = same;
  EXPECT_EQ(one.reveal(), "hidden");
  one = std::move(same);
  EXPECT_EQ(one.reveal(), "hidden");
}

TEST(comparing_in_constant_time, is_comparing) {
  EXPECT_TRUE(equal_in_constant_time("", {}));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
  EXPECT_FALSE(equal_in_constant_time("abc", ""));
}

}  // namespace
}  // namespace refrain::base
