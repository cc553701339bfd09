#include "store/redis_rights.h"

#include <gtest/gtest.h>

#include "store/registry.h"
#include "support/base/manual_clock.h"
#include "support/net/loop.h"
#include "support/net/socket.h"
#include "support/redis/server.h"
#include "support/store/fixtures.h"

namespace refrain::store {
namespace {

/// Sends a command as a person types it, in quotes where a word holds a blank, and gives the first line of the reply.
std::string say(net::test_socket& to, const std::vector<std::string>& words) {
  std::string wire = "*" + std::to_string(words.size()) + "\r\n";
  for (const auto& word : words) wire += "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
  to.send(wire);
  return to.receive_until("\r\n");
}

std::vector<std::string> user_with(const std::string& rules) {
  std::vector<std::string> words{"ACL", "SETUSER", "app", "reset", "on", ">pw"};
  for (std::size_t from = 0; from < rules.size();) {
    const auto to = std::min(rules.find(' ', from), rules.size());
    words.push_back(rules.substr(from, to - from));
    from = to + 1;
  }
  return words;
}

TEST(redis_rights, let_a_user_do_all_that_is_tried_and_nothing_else) {
  const redis::testing::server server;
  const auto there = redis::parse_address(server.url() + "/1").value();
  for (const std::string prefix : {"", "app[1]:"}) {
    auto admin = net::test_socket::to(server.port());
    const auto rights = redis_rights(there, prefix, "probe");
    ASSERT_TRUE(say(admin, user_with(redis::acl_rules(rights))).starts_with("+OK")) << redis::acl_rules(rights);

    auto user = net::test_socket::to(server.port());
    ASSERT_TRUE(say(user, {"AUTH", "app", "pw"}).starts_with("+OK"));
    for (const auto& one : rights) {
      const auto said = say(user, one.trial);
      EXPECT_FALSE(said.starts_with("-")) << one.rule << ": " << said;
    }
    EXPECT_TRUE(say(user, {"FLUSHALL"}).starts_with("-NOPERM"));
    EXPECT_TRUE(say(user, {"GET", "another"}).starts_with("-NOPERM"));
    EXPECT_EQ(say(admin, {"DBSIZE"}), ":0\r\n") << "a trial leaves nothing behind";
  }
}

TEST(redis_rights, are_each_found_missing_by_its_own_trial) {
  const redis::testing::server server;
  const auto there = redis::parse_address(server.url() + "/1").value();
  auto admin = net::test_socket::to(server.port());
  const auto rights = redis_rights(there, "", "probe");
  for (const auto& missing : rights) {
    auto rules = user_with("~* +@all");
    rules.push_back(missing.rule.starts_with('~') ? "resetkeys" : "-" + missing.rule.substr(1));
    ASSERT_TRUE(say(admin, rules).starts_with("+OK"));
    auto user = net::test_socket::to(server.port());
    ASSERT_TRUE(say(user, {"AUTH", "app", "pw"}).starts_with("+OK"));
    redis::reply said{.kind = redis::reply_kind::error, .text = say(user, missing.trial).substr(1)};
    const auto refused = redis::refused_rights({missing}, {said});
    EXPECT_EQ(refused.size(), 1u) << missing.rule << ": " << said.text;
  }
}

TEST(redis_rights, are_all_that_the_store_needs) {
  const redis::testing::server server;
  auto admin = net::test_socket::to(server.port());
  const auto there = redis::parse_address(server.url()).value();
  ASSERT_TRUE(say(admin, user_with(redis::acl_rules(redis_rights(there, "", "probe")))).starts_with("+OK"));
  const auto url = "redis://app:pw@127.0.0.1:" + std::to_string(server.port());
  const base::manual_clock clock;
  store_options options{.url = url, .clock = &clock, .require = true};
  const sample small{.n = 1};
  const sample large{.n = 2, .body = std::string(600'000, 'x')};

  auto first = open_store(options).value();
  first->put(small.make());
  first->put(large.make());
  first->counters().add({{.day = 1, .name = "hits", .amount = 2}});
  first->flush();
  EXPECT_EQ(first->status().writes_dropped, 0u);

  options.purges = std::make_shared<cache::purge_book>();
  net::running_loop loop;
  const auto second = open_store(options).value();
  for (const auto& one : {small, large}) {
    const auto found = loop.run(second->get(one.id()));
    EXPECT_TRUE(found.has_value() && *found != nullptr) << one.n;
  }
  EXPECT_EQ(loop.run(second->catalogue().list({}, "", 10))->entries.size(), 2u);
  EXPECT_EQ(loop.run(second->counters().since(0))->size(), 1u);
  EXPECT_TRUE(loop.run(second->catalogue().erase(entry::storage_name(small.id()))).value());
  EXPECT_EQ(loop.run(second->catalogue().purge({}))->removed, 1u);
}

}  // namespace
}  // namespace refrain::store
