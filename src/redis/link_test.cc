// On a real Redis, which the test starts.

#include "redis/link.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include "redis/faults.h"
#include "support/net/loop.h"
#include "support/redis/server.h"

namespace refrain::redis {
namespace {

using base::errc;
using testing::server;

using opened = base::result<std::shared_ptr<link>>;

net::task<replies> call(std::shared_ptr<link> to, commands what) { co_return co_await to->call(std::move(what)); }

class links : public ::testing::Test {
 protected:
  ~links() override {
    // A link goes on its own loop.
    for (const auto& one : open_) {
      home_.perform([&] { one->close({errc::closed, "the test is over"}); });
    }
    open_.clear();
  }

  opened open(const server& at, login who = {}) {
    link_options options{.where = {.host = "127.0.0.1", .port = at.port()},
                         .tls = nullptr,
                         .who = std::move(who),
                         .limits = reply_timeout{timeout_}};
    auto fresh = home_.run(link::open(home_.loop(), std::move(options)));
    if (fresh) open_.push_back(*fresh);
    return fresh;
  }

  replies ask(const std::shared_ptr<link>& to, commands what) { return home_.run(call(to, std::move(what))); }

  /// Long, as the machine may be busy, but where a test waits for it.
  std::chrono::milliseconds timeout_{5000};
  net::running_loop home_;
  std::vector<std::shared_ptr<link>> open_;
};

TEST_F(links, speak_to_a_redis) {
  const server redis;
  const auto fresh = open(redis);
  ASSERT_TRUE(fresh.has_value()) << fresh.error().context;
  EXPECT_EQ((*fresh)->peer().protocol, 3);
  EXPECT_EQ((*fresh)->peer().mode, "standalone");
  EXPECT_EQ((*fresh)->peer().role, "master");

  commands both{"SET", "k", "a\r\nb"};
  both.add({"GET", "k"}).add({"GET", "none"}).add({"NOTHING"});
  const auto said = ask(*fresh, both);
  ASSERT_TRUE(said.has_value());
  ASSERT_EQ(said->size(), 4u);
  EXPECT_TRUE((*said)[0].is_ok());
  EXPECT_EQ((*said)[1].text, "a\r\nb");
  EXPECT_TRUE((*said)[2].is(reply_kind::nil));
  EXPECT_EQ((*said)[3].error_class(), "ERR");
}

TEST_F(links, give_each_caller_its_own_replies) {
  const server redis;
  const auto fresh = open(redis);
  ASSERT_TRUE(fresh.has_value());
  std::vector<std::future<replies>> under_way;
  for (int i = 0; i < 2000; ++i) {
    commands what;
    for (int n = 0; n <= i % 3; ++n) what.add({"ECHO", std::to_string(i * 10 + n)});
    under_way.push_back(home_.start(call(*fresh, std::move(what))));
  }
  for (int i = 0; i < 2000; ++i) {
    const auto said = under_way[static_cast<std::size_t>(i)].get();
    ASSERT_TRUE(said.has_value());
    ASSERT_EQ(std::cmp_equal(said->size(), i % 3 + 1), true);
    for (int n = 0; n <= i % 3; ++n) EXPECT_EQ((*said)[static_cast<std::size_t>(n)].text, std::to_string(i * 10 + n));
  }
}

TEST_F(links, drop_the_replies_of_a_caller_that_is_gone) {
  const server redis;
  const auto fresh = open(redis);
  ASSERT_TRUE(fresh.has_value());
  redis.pause();
  std::promise<errc> cancelled;
  net::asio::cancellation_signal stop;
  home_.perform([&] {
    net::asio::co_spawn(home_.loop().get_executor(), call(*fresh, commands{"ECHO", "one"}),
                        net::asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, replies said) {
                          cancelled.set_value(said ? errc::internal : said.error().code);
                        }));
  });
  auto next = home_.start(call(*fresh, commands{"ECHO", "two"}));
  home_.perform([&] { stop.emit(net::asio::cancellation_type::terminal); });
  EXPECT_EQ(cancelled.get_future().get(), errc::cancelled);
  redis.resume();
  const auto said = next.get();
  ASSERT_TRUE(said.has_value()) << said.error().context;
  EXPECT_EQ(said->front().text, "two");
}

TEST_F(links, end_with_a_server_that_hangs) {
  timeout_ = std::chrono::milliseconds{200};
  const server redis;
  const auto fresh = open(redis);
  ASSERT_TRUE(fresh.has_value());
  redis.pause();
  auto first = home_.start(call(*fresh, commands{"GET", "k"}));
  auto second = home_.start(call(*fresh, commands{"GET", "k"}));
  EXPECT_EQ(first.get().error().code, errc::upstream_timeout);
  EXPECT_EQ(second.get().error().code, errc::upstream_timeout);
  EXPECT_EQ(ask(*fresh, commands{"GET", "k"}).error().code, errc::upstream_timeout);
  redis.resume();
}

TEST_F(links, end_with_a_server_that_dies) {
  server redis;
  const auto fresh = open(redis);
  ASSERT_TRUE(fresh.has_value());
  std::promise<void> told;
  home_.perform([&] { (*fresh)->on_close([&](const base::error&) { told.set_value(); }); });
  redis.stop();
  told.get_future().get();
  EXPECT_FALSE(ask(*fresh, commands{"GET", "k"}).has_value());
  EXPECT_EQ(open(redis).error().code, errc::upstream_unreachable);
  redis.start();
  EXPECT_TRUE(open(redis).has_value());
}

TEST_F(links, show_their_credentials_and_choose_a_database) {
  const server redis{{"--requirepass", "s#e@cret", "--user", "app", "on", ">pw", "~*", "+@all"}};
  EXPECT_EQ(open(redis).error().code, errc::store_unavailable);
  EXPECT_EQ(open(redis).error().context, judge_error("NOAUTH").sentence);
  EXPECT_FALSE(open(redis).error().retry);
  EXPECT_EQ(open(redis, {.user = "", .password = base::secret{"wrong"}}).error().context,
            judge_error("WRONGPASS").sentence);
  const auto as_default = open(redis, {.user = "", .password = base::secret{"s#e@cret"}, .database = 3});
  ASSERT_TRUE(as_default.has_value()) << as_default.error().context;
  ASSERT_TRUE(ask(*as_default, commands{"SET", "k", "three"})->front().is_ok());

  const auto as_app = open(redis, {.user = "app", .password = base::secret{"pw"}});
  ASSERT_TRUE(as_app.has_value()) << as_app.error().context;
  EXPECT_TRUE(ask(*as_app, commands{"GET", "k"})->front().is(reply_kind::nil));
  EXPECT_EQ(ask(*as_app, commands{"ACL", "WHOAMI"})->front().text, "app");

  EXPECT_EQ(open(redis, {.user = "app", .password = base::secret{"pw"}, .database = 99}).error().context,
            judge_error("ERR DB index is out of range").sentence);
}

TEST_F(links, say_soon_that_a_port_speaks_no_tls) {
  const server redis;
  link_options options{.where = {.host = "127.0.0.1", .port = redis.port(), .limit = std::chrono::hours{1}},
                       .tls = net::tls_context::for_clients({.verify = false}).value(),
                       .who = {},
                       .limits = reply_timeout{timeout_}};
  const auto said = home_.run(link::open(home_.loop(), std::move(options)));
  EXPECT_EQ(said.error().code, errc::upstream_tls);
  EXPECT_TRUE(said.error().context.contains("plain-text port")) << said.error().context;
}

TEST_F(links, fall_back_where_hello_is_refused) {
  const server redis{{"--requirepass", "pw", "--rename-command", "HELLO", ""}};
  const auto fresh = open(redis, {.user = "", .password = base::secret{"pw"}, .database = 1});
  ASSERT_TRUE(fresh.has_value()) << fresh.error().context;
  EXPECT_EQ((*fresh)->peer().protocol, 2);
  EXPECT_TRUE(ask(*fresh, commands{"GET", "none"})->front().is(reply_kind::nil));
  EXPECT_EQ(open(redis).error().context, judge_error("NOAUTH").sentence);
}

}  // namespace
}  // namespace refrain::redis
