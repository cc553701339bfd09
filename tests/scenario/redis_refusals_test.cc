// A Redis that wants other credentials, other rights or another way to speak: no client sees it, the operator does.
#include <chrono>

#include "support/net/tls.h"
#include "support/redis_gateway.h"
#include "support/temp_folder.h"

namespace refrain::tests {
namespace {

using namespace std::chrono_literals;
using entry::store_health;

class redis_refusals : public redis_gateway_test {
 protected:
  std::string url(std::string_view credentials) const {
    return "redis://" + std::string{credentials} + "@127.0.0.1:" + std::to_string(proxy_.port());
  }
  void expect_refused(std::string_view remedy) {
    EXPECT_EQ(hits_among(0, 10), 0);
    EXPECT_EQ(hits_among(0, 10), 0);
    EXPECT_EQ(status().health, store_health::down);
    EXPECT_TRUE(status().detail.contains(remedy)) << status().detail;
    EXPECT_LE(proxy_.did().connections, 6u) << "each connection tries once in five seconds";
  }
};

TEST_F(redis_refusals, no_password_is_said_once_with_its_mend) {
  (void)ask({"CONFIG", "SET", "requirepass", "right-pw"});
  open();
  expect_refused("REDIS_PASSWORD");
  expect_few_lines();
}

/// A person mends it at the server; the gateway finds out by itself, without haste.
TEST_F(redis_refusals, wrong_password_is_tried_again_after_a_while_and_never_shown) {
  (void)ask({"CONFIG", "SET", "requirepass", "right-pw"});
  open(url(":wrong-pw"));
  expect_refused("REDIS_PASSWORD");
  const auto told = status();
  auto own = redis::commands{"AUTH", "right-pw"};
  own.add({"ACL", "SETUSER", "default", ">wrong-pw"});
  (void)ask(own);
  EXPECT_TRUE(comes_back()) << status().detail;
  EXPECT_TRUE(hits_come());
  EXPECT_FALSE(told.detail.contains("wrong-pw") || told.location.contains("wrong-pw"));
  EXPECT_FALSE(log().contains("wrong-pw"));
}

TEST_F(redis_refusals, password_that_nobody_asked_for) {
  open(url(":unasked-pw"));
  EXPECT_EQ(hits_among(0, 10), 0);
  EXPECT_FALSE(status().detail.contains("unasked-pw"));
  EXPECT_TRUE(is_ready());
  EXPECT_TRUE(hits_come());
}

/// What the user may not do is off; entries are read and written all the same.
TEST_F(redis_refusals, command_that_the_acl_forbids) {
  (void)ask({"ACL", "SETUSER", "app", "on", ">pw", "~*", "&*", "+@all", "-dbsize", "-scan", "-hincrby", "-incrby"});
  open(url("app:pw"));
  EXPECT_TRUE(hits_come());
  at_work_->store().counters().add({{.day = 1, .name = "hits", .amount = 1}});
  at_work_->store().flush();
  at_work_->purge({.model = "no such model"});
  EXPECT_EQ(outcome(0), "HIT");
  EXPECT_EQ(status().health, store_health::ready);
  expect_few_lines();
}

TEST_F(redis_refusals, acl_that_forbids_reading_entries_makes_misses) {
  (void)ask({"ACL", "SETUSER", "app", "on", ">pw", "~*", "&*", "+@all", "-hmget"});
  open(url("app:pw"));
  EXPECT_EQ(hits_among(0, 10), 0);
  EXPECT_EQ(hits_among(0, 10), 0);
  (void)ask({"ACL", "SETUSER", "app", "+hmget"});
  EXPECT_TRUE(hits_come());
  expect_few_lines();
}

TEST_F(redis_refusals, tls_to_a_server_of_plain_text_never_becomes_plain_text) {
  open("rediss://127.0.0.1:" + std::to_string(proxy_.port()));
  EXPECT_EQ(hits_among(0, 10), 0);
  EXPECT_EQ(status().health, store_health::down);
  // Redis waits for the end of what it takes for a command, so only the limit of 5 s ends the attempt.
  EXPECT_TRUE(gateway::eventually([&] { return !status().detail.empty(); }));
  EXPECT_EQ(ask({"DBSIZE"}).integer, 0);
  expect_few_lines();
}

class redis_over_tls : public redis_gateway_test {
 protected:
  redis::testing::tls_files files(const std::string& names, std::chrono::seconds lasts = 1h) const {
    authority_.issue(names, folder_.file("tls.crt"), folder_.file("tls.key"), lasts);
    return {.certificate = folder_.file("tls.crt"), .key = folder_.file("tls.key"), .authority = authority_.path()};
  }
  void open_over(const redis::testing::server& secure, const std::string& trusted) {
    open(secure.url(), [&](config::settings& to) { to.redis.tls_ca = trusted; });
  }

  const temp_folder folder_;
  const net::test_authority authority_;
};

TEST_F(redis_over_tls, of_a_trusted_authority_hits) {
  const redis::testing::server secure{{}, files("DNS:localhost,IP:127.0.0.1")};
  open_over(secure, authority_.path());
  EXPECT_TRUE(comes_back()) << status().detail;
  EXPECT_TRUE(hits_come());
}

TEST_F(redis_over_tls, of_an_unknown_authority_or_another_name_is_refused_and_says_so) {
  const redis::testing::server unknown{{}, files("DNS:localhost,IP:127.0.0.1")};
  open_over(unknown, "");
  EXPECT_EQ(hits_among(0, 10), 0);
  EXPECT_TRUE(status().detail.contains("certificate")) << status().detail;

  const redis::testing::server other{{}, files("DNS:redis.example")};
  open_over(other, authority_.path());
  EXPECT_EQ(hits_among(0, 10), 0);
  EXPECT_EQ(status().health, store_health::down);
  EXPECT_TRUE(status().detail.contains("localhost") || status().detail.contains("certificate")) << status().detail;
  expect_few_lines();
}

TEST_F(redis_over_tls, that_has_expired_is_refused_and_says_so) {
  const redis::testing::server expired{{}, files("DNS:localhost", -1min)};
  open_over(expired, authority_.path());
  EXPECT_EQ(hits_among(0, 10), 0);
  EXPECT_EQ(status().health, store_health::down);
  EXPECT_TRUE(status().detail.contains("expired")) << status().detail;
  expect_few_lines();
}

TEST_F(redis_over_tls, is_refused_in_plain_text_and_answers_come_all_the_same) {
  const redis::testing::server secure{{}, files("DNS:localhost")};
  open("redis://localhost:" + std::to_string(secure.port()));
  EXPECT_EQ(hits_among(0, 10), 0);
  EXPECT_EQ(status().health, store_health::down);
  EXPECT_FALSE(status().detail.empty());
  expect_few_lines();
}

}  // namespace
}  // namespace refrain::tests
