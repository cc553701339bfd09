#include "entry/selector.h"

#include <gtest/gtest.h>

namespace refrain::entry {
namespace {

const meta& about() {
  static const meta one = [] {
    meta made;
    made.id.tenant = base::sha256("anna");
    made.id.digest = base::sha256("one");
    made.stored_at = base::sys_seconds{std::chrono::seconds{1000}};
    made.upstream = "openai";
    made.model = "gpt-4o";
    made.level = "balanced";
    made.tenant_label = "anna";
    made.name_space = "shared";
    made.tags = {"a", "b"};
    made.query = "What is ONE plus one?";
    return made;
  }();
  return one;
}

base::sys_seconds at(int seconds) { return base::sys_seconds{std::chrono::seconds{seconds}}; }

struct rule {
  std::string_view name;
  selector what;
  bool matches;
};

class selector_rules : public testing::TestWithParam<rule> {};

TEST_P(selector_rules, hold) { EXPECT_EQ(matches(GetParam().what, about()), GetParam().matches); }

const std::string tag = base::sha256("anna").hex();

INSTANTIATE_TEST_SUITE_P(
    each, selector_rules,
    testing::Values(
        rule{"nothing_set_matches_all", {}, true}, rule{"digest", {.digest = base::sha256("one")}, true},
        rule{"another_digest", {.digest = base::sha256("two")}, false}, rule{"type", {.type = cache_type::llm}, true},
        rule{"another_type", {.type = cache_type::tts}, false}, rule{"upstream", {.upstream = "openai"}, true},
        rule{"another_upstream", {.upstream = "open"}, false}, rule{"model", {.model = "gpt-4o"}, true},
        rule{"another_model", {.model = "gpt-4"}, false}, rule{"one_of_its_tags", {.tag = "b"}, true},
        rule{"another_tag", {.tag = "c"}, false}, rule{"tenant_label", {.tenant = "anna"}, true},
        rule{"another_label", {.tenant = "ann"}, false}, rule{"whole_tenant_tag", {.tenant = tag}, true},
        rule{"eight_digits_of_the_tag", {.tenant = tag.substr(0, 8)}, true},
        rule{"seven_are_too_few", {.tenant = tag.substr(0, 7)}, false},
        rule{"digits_from_the_middle", {.tenant = tag.substr(1, 10)}, false},
        rule{"name_space", {.name_space = "shared"}, true}, rule{"another_name_space", {.name_space = "own"}, false},
        rule{"level", {.level = "balanced"}, true}, rule{"another_level", {.level = "speed"}, false},
        rule{"text_in_another_case", {.text = "one PLUS"}, true},
        rule{"text_that_is_not_there", {.text = "two"}, false},
        rule{"stored_before", {.stored_before = at(1001)}, true},
        rule{"not_stored_before_itself", {.stored_before = at(1000)}, false},
        rule{"all_of_several", {.upstream = "openai", .tag = "a"}, true},
        rule{"only_one_of_several", {.upstream = "openai", .tag = "c"}, false}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace refrain::entry
