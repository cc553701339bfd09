#include "gateway/ask/authenticator.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/gateway/floors.h"

namespace refrain::gateway {
namespace {

TEST(loops, are_seen_by_this_gateways_name) {
  const std::vector<http::field> fields{{"Via", "1.0 other"}, {"via", "1.1 x, 1.1 refrain-1 (comment)"}};
  EXPECT_TRUE(came_from(fields, "refrain-1"));
  EXPECT_FALSE(came_from(fields, "refrain-2"));
  EXPECT_FALSE(came_from({}, "refrain-1"));
}

TEST(authenticator, admits_who_shows_no_key_from_this_machine) {
  floors house;
  const auto& request = house.chat("hello");
  ASSERT_TRUE(house.admitted);
  EXPECT_EQ(request.who->credential, cache::credential_source::lent);
}

TEST(authenticator, refuses_while_the_gateway_stops) {
  floors house;
  house.shared.draining = true;
  (void)house.chat("hello");
  ASSERT_FALSE(house.admitted);
  EXPECT_EQ(house.admitted.error().code, base::errc::draining);
}

TEST(authenticator, refuses_a_request_that_has_been_here_before) {
  floors house;
  const auto& request = house.chat("hello", {{"Via", "1.1 refrain-1"}});
  ASSERT_FALSE(house.admitted);
  EXPECT_EQ(house.admitted.error().code, base::errc::loop_detected);
  EXPECT_EQ(request.parsed, nullptr) << "it is not parsed";
}

TEST(authenticator, refuses_another_host_where_a_key_is_lent) {
  floors house;
  (void)house.chat("hello", {{"Host", "evil.example"}});
  ASSERT_FALSE(house.admitted);
  EXPECT_EQ(house.admitted.error().code, base::errc::misdirected_host);
}

}  // namespace
}  // namespace refrain::gateway
