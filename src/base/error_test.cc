#include "base/error.h"

#include <gtest/gtest.h>

#include <set>

#include "base/result.h"
#include "support/base/manual_clock.h"

namespace refrain::base {
namespace {

TEST(errors, have_a_label_of_their_own_and_a_status) {
  std::set<std::string_view> labels;
  for (int code = 0; code <= static_cast<int>(errc::internal); ++code) {
    const auto& traits = traits_of(static_cast<errc>(code));
    EXPECT_EQ(traits.code, static_cast<errc>(code));
    EXPECT_TRUE(labels.insert(traits.label).second) << traits.label;
    EXPECT_EQ(traits.label.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos) << traits.label;
    EXPECT_TRUE(traits.status >= 400 && traits.status < 600) << traits.label;
    EXPECT_TRUE(traits.type.ends_with("_error")) << traits.label;
  }
}

TEST(errors, are_written_with_their_context) {
  EXPECT_EQ((error{.code = errc::io, .context = "the disk is full"}.to_string()), "io: the disk is full");
  EXPECT_EQ((error{.code = errc::closed}.to_string()), "closed");
}

TEST(errors, are_handed_on_whole) {
  const result<int> first = fail(errc::closed, "gone", true);
  const result<char> second = fail(first.error());
  EXPECT_EQ(second.error().code, errc::closed);
  EXPECT_EQ(second.error().context, "gone");
  EXPECT_TRUE(second.error().retry);
}

TEST(clocks, stand_still_until_they_are_told_to_move) {
  using namespace std::chrono_literals;
  manual_clock one{sys_seconds{100s}};
  const auto began = one.steady();
  EXPECT_EQ(one.seconds(), sys_seconds{100s});
  one.advance(1500ms);
  EXPECT_EQ(one.seconds(), sys_seconds{101s});
  EXPECT_EQ(one.steady() - began, 1500ms);
  EXPECT_EQ(one.now() - sys_seconds{100s}, 1500ms);
}

TEST(clocks, of_the_machine_tell_the_time) {
  const auto before = std::chrono::system_clock::now();
  const auto now = system_clock().now();
  EXPECT_GE(now, before);
  EXPECT_LE(now, std::chrono::system_clock::now());
  const auto steady = system_clock().steady();
  EXPECT_GE(system_clock().steady(), steady);
}

}  // namespace
}  // namespace refrain::base
