#include "cache/gate.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refrain::cache {
namespace {

using enum gate_verdict;

const std::vector<std::string> hosts{"gateway.internal", "other.internal:8443"};
const std::vector<std::string> origins{"http://localhost:3000"};

struct rule {
  std::string_view name;
  visit who;
  gate_verdict verdict;
};

class open_purse : public testing::TestWithParam<rule> {};

TEST_P(open_purse, is_guarded) {
  gate_rules rules;
  rules.hosts = hosts;
  rules.origins = origins;
  EXPECT_EQ(judge_visit(GetParam().who, rules), GetParam().verdict);
}

std::string name_of(const testing::TestParamInfo<rule>& one) { return std::string(one.param.name); }

INSTANTIATE_TEST_SUITE_P(
    host, open_purse,
    testing::Values(
        rule{"localhost", {.host = "localhost"}, allow}, rule{"localhost_with_port", {.host = "LocalHost:7337"}, allow},
        rule{"localhost_as_an_absolute_name", {.host = "localhost.:7337"}, allow},
        rule{"ipv4", {.host = "127.0.0.1:7337"}, allow},
        rule{"ipv4_of_another_interface", {.host = "192.168.1.5"}, allow}, rule{"ipv6", {.host = "[::1]:7337"}, allow},
        rule{"ipv6_without_port", {.host = "[fe80::1]"}, allow}, rule{"listed", {.host = "Gateway.Internal:1"}, allow},
        rule{"listed_with_its_port", {.host = "other.internal:8443"}, allow},
        rule{"listed_with_another_port", {.host = "other.internal:1"}, misdirected},
        rule{"rebound_name", {.host = "evil.example"}, misdirected},
        rule{"name_that_begins_like_localhost", {.host = "localhost.evil.example"}, misdirected},
        rule{"name_that_begins_like_an_address", {.host = "127.0.0.1.evil.example"}, misdirected},
        rule{"userinfo", {.host = "localhost@evil.example"}, misdirected},
        rule{"short_ipv4", {.host = "127.1"}, misdirected}, rule{"ipv6_without_brackets", {.host = "::1"}, misdirected},
        rule{"ipv4_in_brackets", {.host = "[127.0.0.1]"}, misdirected},
        rule{"open_bracket", {.host = "[::1"}, misdirected},
        rule{"junk_after_bracket", {.host = "[::1]x"}, misdirected},
        rule{"port_that_is_none", {.host = "localhost:80x"}, misdirected}, rule{"empty", {.host = ""}, misdirected},
        rule{"absent", {}, misdirected}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    origin, open_purse,
    testing::Values(
        rule{"of_another_site", {.host = "localhost", .origin = "https://evil.example"}, forbidden_origin},
        rule{"null", {.host = "localhost", .origin = "null"}, forbidden_origin},
        rule{"empty", {.host = "localhost", .origin = ""}, forbidden_origin},
        rule{"listed", {.host = "localhost", .origin = "http://LOCALHOST:3000"}, allow},
        rule{"listed_at_another_port", {.host = "localhost", .origin = "http://localhost:3001"}, forbidden_origin},
        rule{"absent_but_cross_site", {.host = "localhost", .sec_fetch_site = "cross-site"}, forbidden_origin},
        rule{"absent_but_same_site", {.host = "localhost", .sec_fetch_site = "same-site"}, forbidden_origin},
        rule{"absent_typed_by_a_person", {.host = "localhost", .sec_fetch_site = "none"}, allow},
        rule{"preflight_of_a_listed_one",
             {.host = "localhost", .origin = "http://localhost:3000", .preflight = true},
             allow},
        rule{"preflight_of_another_site",
             {.host = "localhost", .origin = "http://evil.example", .preflight = true},
             forbidden_origin},
        rule{"preflight_of_nobody", {.host = "localhost", .preflight = true}, forbidden_origin},
        rule{"of_the_page_that_the_gateway_serves",
             {.host = "localhost:7337", .origin = "http://localhost:7337"},
             allow},
        rule{"of_another_port", {.host = "localhost:7337", .origin = "http://localhost:8080"}, forbidden_origin}),
    name_of);

constexpr visit from_a_web_page{.host = "evil.example", .origin = "https://evil.example", .preflight = true};

TEST(gate, lets_in_who_shows_a_client_key) {
  auto who = from_a_web_page;
  who.shows_client_key = true;
  EXPECT_EQ(judge_visit(who, {}), allow);
}

TEST(gate, lets_in_status_routes) {
  auto who = from_a_web_page;
  who.status_route = true;
  EXPECT_EQ(judge_visit(who, {}), allow);
}

TEST(gate, beyond_loopback_takes_any_name_and_pages_of_its_own_or_listed_origins) {
  const gate_rules rules{.beyond_loopback = true, .origins = origins};
  EXPECT_EQ(judge_visit({.host = "llm.example"}, rules), allow);
  EXPECT_EQ(judge_visit({.host = "app.example", .origin = "https://app.example"}, rules), allow);
  EXPECT_EQ(judge_visit({.host = "llm.example", .origin = "http://localhost:3000"}, rules), allow);
  EXPECT_EQ(judge_visit({.host = "llm.example", .origin = "https://evil.example"}, rules), forbidden_origin);
  EXPECT_EQ(judge_visit({.host = "llm.example", .sec_fetch_site = "cross-site"}, rules), forbidden_origin);
}

TEST(gate, refusals_name_the_setting) {
  EXPECT_NE(to_error(misdirected, from_a_web_page).context.find("server.hosts"), std::string::npos);
  EXPECT_EQ(to_error(misdirected, from_a_web_page).code, base::errc::misdirected_host);
  EXPECT_NE(to_error(forbidden_origin, from_a_web_page).context.find("server.origins"), std::string::npos);
  EXPECT_EQ(to_error(forbidden_origin, from_a_web_page).code, base::errc::forbidden_origin);
}

}  // namespace
}  // namespace refrain::cache
