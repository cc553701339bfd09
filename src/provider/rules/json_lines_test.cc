#include "provider/rules/json_lines.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refrain::provider {
namespace {

/// Wants objects with a member `n`, and one of them at least.
class counting final : public answer_judge {
  [[nodiscard]] uncacheable_reason read(const canonical_value& object) override {
    has_content_ = true;
    return object.find("n") ? uncacheable_reason::none : uncacheable_reason::error_event;
  }
};

uncacheable_reason judge(std::string_view body, std::size_t step) {
  const auto reader = read_json_lines(std::make_unique<counting>());
  for (std::size_t at = 0; at < body.size(); at += step) reader->feed(body.substr(at, step));
  return reader->finish({}).why_not;
}

TEST(json_lines, are_judged_one_by_one_wherever_they_are_cut) {
  struct lines {
    std::string_view body;
    uncacheable_reason why;
  };
  for (const auto& [body, why] : {
           lines{"{\"n\":1}\n{\"n\":2}\n", uncacheable_reason::none},
           lines{"\n{\"n\":1}\r\n\r\n{\"n\":2}", uncacheable_reason::none},
           lines{"", uncacheable_reason::empty_answer},
           lines{"\n\n", uncacheable_reason::empty_answer},
           lines{"{\"n\":1}\n{\"n\"", uncacheable_reason::truncated},
           lines{"{\"n\":1}\nx\n{\"n\":2}\n", uncacheable_reason::malformed_answer},
           lines{"{\"n\":1}\n{\"m\":2}\nx\n", uncacheable_reason::error_event},
       }) {
    for (std::size_t step = 1; step < 20; ++step) EXPECT_EQ(judge(body, step), why) << body;
  }
}

TEST(json_lines, are_whole_up_to_the_last_that_has_an_end) {
  const auto reader = read_json_lines(std::make_unique<counting>());
  reader->feed("{\"n\":1}\n{\"n\"");
  EXPECT_EQ(reader->whole(), 8U);
  reader->feed(":2}");
  EXPECT_EQ(reader->whole(), 8U);
  EXPECT_EQ(reader->finish({}).why_not, uncacheable_reason::none);
  EXPECT_EQ(reader->whole(), 15U);
}

TEST(json_lines, have_a_limit) {
  const auto reader = read_json_lines(std::make_unique<counting>());
  const std::string much(std::size_t{1} << 20, ' ');
  for (int i = 0; i < 17; ++i) reader->feed(much);
  reader->feed("{\"n\":1}\n");
  EXPECT_EQ(reader->whole(), 17 * much.size() + 8);
  EXPECT_EQ(reader->finish({}).why_not, uncacheable_reason::too_large);
}

TEST(json_lines, are_told_until_nobody_wants_more) {
  std::vector<std::string> seen;
  EXPECT_FALSE(all_lines("a\r\n\nb\nc", [&](std::string_view line) {
    seen.emplace_back(line);
    return line != "b";
  }));
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace refrain::provider
