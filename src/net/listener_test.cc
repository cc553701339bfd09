#include "net/listener.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <future>
#include <memory>
#include <string>

#include "support/net/loop.h"
#include "support/net/socket.h"

namespace refrain::net {
namespace {

base::endpoint loopback(std::uint16_t port) { return {.host = "127.0.0.1", .port = port}; }

TEST(listeners, take_a_free_port_and_tell_which) {
  running_loop loop;
  const auto one = listener::open(loopback(0), {&loop.loop()});
  ASSERT_TRUE(one) << one.error().to_string();
  EXPECT_NE((*one)->bound().port, 0);
  EXPECT_EQ((*one)->bound().host, "127.0.0.1");
}

TEST(listeners, name_who_holds_their_port) {
  running_loop loop;
  const test_listener other;
  const auto one = listener::open(loopback(other.port()), {&loop.loop()});
  ASSERT_FALSE(one);
  EXPECT_EQ(one.error().code, base::errc::port_in_use);
  const auto& why = one.error().context;
  EXPECT_TRUE(why.contains(fmt::format("127.0.0.1:{}", other.port()))) << why;
  EXPECT_TRUE(why.contains(fmt::format("(process {})", ::getpid()))) << why;
  EXPECT_TRUE(why.contains("--listen")) << why;
}

/// Sockets of one gateway share the port; those of two do not, though both would be willing.
TEST(listeners, do_not_share_their_port_with_another_gateway) {
  running_loop loop;
  const auto first = listener::open(loopback(0), {&loop.loop(), &loop.loop()});
  ASSERT_TRUE(first) << first.error().to_string();
  const auto second = listener::open(loopback((*first)->bound().port), {&loop.loop()});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::errc::port_in_use);
}

TEST(listeners, want_an_address_of_this_machine) {
  running_loop loop;
  const auto name = listener::open({.host = "example.com", .port = 0}, {&loop.loop()});
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().code, base::errc::bad_config);
  const auto elsewhere = listener::open({.host = "192.0.2.1", .port = 0}, {&loop.loop()});
  ASSERT_FALSE(elsewhere);
  EXPECT_EQ(elsewhere.error().code, base::errc::io);
  EXPECT_TRUE(listener::open({.host = "localhost", .port = 0}, {&loop.loop()}));
}

TEST(listeners, hand_connections_to_the_loop_that_took_them) {
  running_loop loops[2];
  auto one = listener::open(loopback(0), {&loops[0].loop(), &loops[1].loop()});
  ASSERT_TRUE(one) << one.error().to_string();
  std::atomic<int> astray = 0;
  std::atomic<int> taken = 0;
  std::promise<void> all;
  constexpr int many = 20;
  const auto take = [&](std::unique_ptr<connection> peer) {
    astray += !peer->home().context().get_executor().running_in_this_thread();
    if (++taken == many) all.set_value();
  };
  (*one)->start(take);
  for (int i = 0; i < many; ++i) {
    auto caller = test_socket::to((*one)->bound().port);
    EXPECT_EQ(caller.receive_some(), "") << "the connection was dropped";
  }
  all.get_future().get();
  EXPECT_EQ(astray, 0);
  (*one)->close();
}

TEST(listeners, refuse_callers_once_closed) {
  running_loop loop;
  auto one = listener::open(loopback(0), {&loop.loop()});
  ASSERT_TRUE(one) << one.error().to_string();
  (*one)->start([](std::unique_ptr<connection>) {});
  const auto port = (*one)->bound().port;
  (*one)->close();
  loop.perform([] {});
  EXPECT_THROW(test_socket::to(port), std::runtime_error);
  EXPECT_TRUE(listener::open(loopback(port), {&loop.loop()})) << "the port is free again";
}

TEST(port_holders, are_unknown_where_nobody_listens) {
  const test_listener deaf{false};
  EXPECT_EQ(who_listens_on(deaf.port()), "");
}

}  // namespace
}  // namespace refrain::net
