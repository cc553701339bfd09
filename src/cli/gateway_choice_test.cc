// Which gateway a command means where several run.
#include <gtest/gtest.h>

#include "app/run_file.h"
#include "cli/backend.h"

namespace refrain::cli {
namespace {

const app::running usual{.data_plane = "http://127.0.0.1:7337", .admin_plane = "127.0.0.1:7338", .pid = 1};
const app::running other{.data_plane = "http://127.0.0.1:4001", .admin_plane = "127.0.0.1:4002", .pid = 2};
const app::running third{.data_plane = "https://127.0.0.1:4003", .admin_plane = "127.0.0.1:4004", .pid = 3};
const app::running closed{.data_plane = "http://127.0.0.1:4005", .admin_plane = "", .pid = 4};

struct rule {
  std::string name;
  std::vector<app::running> all;
  int pid;  ///< 0: none, -1: an error
};

class choice_rules : public testing::TestWithParam<rule> {};

TEST_P(choice_rules, hold) {
  const auto chosen = choose_gateway(GetParam().all);
  if (GetParam().pid < 0) {
    ASSERT_FALSE(chosen);
    EXPECT_EQ(chosen.error().code, base::errc::bad_usage);
    for (const auto& one : GetParam().all) EXPECT_NE(chosen.error().context.find(one.admin_plane), std::string::npos);
    return;
  }
  ASSERT_TRUE(chosen);
  EXPECT_EQ(*chosen ? (*chosen)->pid : 0, GetParam().pid);
}

INSTANTIATE_TEST_SUITE_P(each, choice_rules,
                         testing::Values(rule{"none_runs", {}, 0}, rule{"the_only_one", {other}, 2},
                                         rule{"one_without_an_admin_plane_cannot_be_asked", {closed}, 0},
                                         rule{"the_only_one_that_can_be_asked", {closed, other}, 2},
                                         rule{"the_one_on_the_default_port", {other, usual, third}, 1},
                                         rule{"several_are_listed", {other, third}, -1}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace refrain::cli
