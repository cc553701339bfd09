// Links that end where nobody expects it. The test is the server, and decides when.

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <chrono>
#include <future>
#include <memory>

#include "redis/link.h"
#include "support/net/loop.h"
#include "support/net/socket.h"

namespace refrain::redis {
namespace {

using namespace std::chrono_literals;
using net::test_listener;
using opened = base::result<std::shared_ptr<link>>;

link_options options_for(const test_listener& there) {
  return {.where = {.host = "127.0.0.1", .port = there.port()}, .tls = nullptr, .who = {}, .limits = reply_timeout{5s}};
}

net::task<replies> call(std::shared_ptr<link> to, commands what) { co_return co_await to->call(std::move(what)); }

/// The first write is tried on the caller's own turn, before the loop can have seen the end.
TEST(links_that_end, fail_a_call_whose_first_write_fails) {
  test_listener there;
  net::running_loop home;
  auto opening = home.start(link::open(home.loop(), options_for(there)));
  auto line = there.accept();
  (void)line.receive_until("PING");
  line.send("%1\r\n+proto\r\n:3\r\n+PONG\r\n");
  auto fresh = opening.get();
  ASSERT_TRUE(fresh.has_value()) << fresh.error().context;

  std::future<replies> asked;
  home.perform([&] {
    line.reset();
    asked = home.start(call(*fresh, commands{"GET", "k"}));
  });
  ASSERT_EQ(asked.wait_for(10s), std::future_status::ready);
  EXPECT_FALSE(asked.get().has_value());
  home.perform([&] { fresh->reset(); });
}

/// LeakSanitizer says so at the end where it does not hold.
TEST(links_that_end, with_their_loop_leave_nothing_behind_amid_a_handshake) {
  test_listener there;
  auto home = std::make_unique<net::running_loop>();
  auto opening = home->start(link::open(home->loop(), options_for(there)));
  auto line = there.accept();
  (void)line.receive_until("PING");
  home->stop();
  home.reset();
  ASSERT_EQ(opening.wait_for(10s), std::future_status::ready);
  EXPECT_THROW((void)opening.get(), std::future_error);
}

}  // namespace
}  // namespace refrain::redis
