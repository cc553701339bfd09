#include "base/error.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

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

result<std::string> twice(result<std::unique_ptr<int>> first, const result<void>& then) {
  const auto value = TRY(std::move(first));
  TRY(then);
  return std::to_string(2 * *value);
}

TEST(errors, are_handed_on_whole) {
  const auto failed = twice(fail(errc::closed, "gone", true), {});
  EXPECT_EQ(failed.error().code, errc::closed);
  EXPECT_EQ(failed.error().context, "gone");
  EXPECT_TRUE(failed.error().retry);
  EXPECT_EQ(twice(std::make_unique<int>(3), fail(errc::io)).error().code, errc::io);
}

TEST(results, give_their_values_where_there_are_any) { EXPECT_EQ(twice(std::make_unique<int>(3), {}), "6"); }

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
