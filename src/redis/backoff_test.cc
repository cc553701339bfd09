#include "redis/backoff.h"

#include <gtest/gtest.h>

#include "redis/faults.h"

namespace refrain::redis {
namespace {

using namespace std::chrono_literals;
using base::errc;

base::error refused() { return to_error("WRONGPASS"); }

void expect_about(std::chrono::milliseconds pause, std::chrono::milliseconds about) {
  EXPECT_GE(pause, about * 4 / 5);
  EXPECT_LE(pause, about * 6 / 5);
}

TEST(backoff, tries_a_server_that_is_away_each_second) {
  backoff waits{full_server::is_tried_on, 1};
  for (int i = 0; i < 50; ++i) expect_about(waits.after({errc::upstream_unreachable, "refused", true}), 1s);
}

TEST(backoff, leaves_a_server_that_is_full_alone_for_a_minute_where_it_can) {
  // Known by its kind, whatever the words.
  auto full = to_error("ERR max number of clients reached");
  full.context = "in other words";
  expect_about(backoff{full_server::is_left_alone, 1}.after(full), 60s);
  expect_about(backoff{full_server::is_tried_on, 1}.after(full), 1s);
}

TEST(backoff, asks_a_server_that_refuses_the_password_less_and_less) {
  backoff waits{full_server::is_tried_on, 1};
  for (const auto about : {5s, 10s, 20s, 40s, 60s, 60s}) expect_about(waits.after(refused()), about);
  waits.reached();
  expect_about(waits.after(refused()), 5s);
}

TEST(backoff, does_not_bring_all_at_once) {
  backoff one{full_server::is_tried_on, 123456789};
  backoff other{full_server::is_tried_on, 987654321};
  const base::error away{errc::upstream_unreachable, "refused", true};
  EXPECT_NE(one.after(away), other.after(away));
}

}  // namespace
}  // namespace refrain::redis
