#include "net/connection.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "net/dial.h"
#include "support/net/loop.h"
#include "support/net/socket.h"

namespace refrain::net {
namespace {

using base::errc;
using namespace std::chrono_literals;
using connection_ptr = std::shared_ptr<connection>;

task<std::string> read(connection_ptr from) {
  char space[100];
  const auto count = co_await from->read_some(space);
  if (!count) co_return std::string(to_string(count.error().code));
  co_return *count == 0 ? "end" : std::string(space, *count);
}

task<std::string> write(connection_ptr to, std::vector<std::string> pieces, std::chrono::milliseconds stall) {
  std::vector<std::string_view> views(pieces.begin(), pieces.end());
  const auto done = co_await to->write(views, stall);
  co_return done ? "done" : std::string(to_string(done.error().code));
}

/// `run` wants a value.
task<bool> end_writing(connection_ptr one) {
  co_await one->end_writing(1s);
  co_return true;
}

class connections : public testing::Test {
 protected:
  connections() {
    auto made = loop_.start(dial(loop_.loop(), {.host = "127.0.0.1", .port = listener_.port()}));
    peer_ = std::make_unique<test_socket>(listener_.accept());
    one_ = made.get().value();
  }
  ~connections() override {
    loop_.perform([this] { one_.reset(); });
  }
  template <class T>
  T on_loop(std::function<T()> what) {
    T value{};
    loop_.perform([&] { value = what(); });
    return value;
  }
  bool is_quiet() {
    return on_loop<bool>([this] { return one_->is_quiet(); });
  }
  /// Whether something has arrived, waited for without reading it.
  void await_arrival() {
    while (is_quiet()) std::this_thread::yield();
  }

  running_loop loop_;
  test_listener listener_;
  std::unique_ptr<test_socket> peer_;
  connection_ptr one_;
};

TEST_F(connections, read_what_is_there_and_then_the_end) {
  peer_->send("hello");
  EXPECT_EQ(loop_.run(read(one_)), "hello");
  peer_->finish_sending();
  EXPECT_EQ(loop_.run(read(one_)), "end");
}

TEST_F(connections, write_any_number_of_pieces_in_order) {
  std::vector<std::string> pieces;
  std::string expected;
  for (int i = 0; i < 50; ++i) {
    pieces.push_back(i % 7 == 0 ? "" : std::to_string(i) + std::string(static_cast<std::size_t>(i), '.'));
    expected += pieces.back();
  }
  EXPECT_EQ(loop_.run(write(one_, pieces, 1s)), "done");
  EXPECT_EQ(peer_->receive(expected.size()), expected);
  EXPECT_EQ(loop_.run(write(one_, {}, 1s)), "done");
}

TEST_F(connections, write_more_than_the_socket_takes_at_once) {
  std::string large(8 << 20, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31 >> 3);
  auto written = loop_.start(write(one_, {"head", large, "tail"}, 10s));
  EXPECT_TRUE(peer_->receive(large.size() + 8) == "head" + large + "tail");
  EXPECT_EQ(written.get(), "done");
}

TEST_F(connections, are_cut_where_the_reader_makes_no_progress) {
  EXPECT_EQ(loop_.run(write(one_, {std::string(32 << 20, 'x')}, 100ms)), "closed");
  EXPECT_TRUE(on_loop<bool>([this] { return one_->timed_out() && !one_->is_open(); }));
}

TEST_F(connections, are_cut_when_their_limit_falls_due) {
  loop_.perform([this] { one_->limit(20ms); });
  EXPECT_EQ(loop_.run(read(one_)), "closed");
  EXPECT_TRUE(on_loop<bool>([this] { return one_->timed_out(); }));
}

TEST_F(connections, live_on_once_their_limit_is_lifted) {
  loop_.perform([this] {
    one_->limit(1ms);
    one_->clear_limit();
  });
  EXPECT_TRUE(peer_->is_silent_for(3 * deadlines::grain));
  peer_->send("x");
  EXPECT_EQ(loop_.run(read(one_)), "x");
}

TEST_F(connections, end_what_is_under_way_when_they_are_closed) {
  auto reading = loop_.start(read(one_));
  loop_.perform([this] {
    one_->close();
    one_->close();
  });
  EXPECT_EQ(reading.get(), "closed");
  EXPECT_EQ(peer_->receive_all(), "");
  EXPECT_FALSE(peer_->was_reset());
  EXPECT_FALSE(on_loop<bool>([this] { return one_->timed_out(); }));
}

TEST_F(connections, reset_when_they_are_aborted) {
  loop_.perform([this] { one_->abort(); });
  EXPECT_EQ(peer_->receive_all(), "");
  EXPECT_TRUE(peer_->was_reset());
}

TEST_F(connections, read_on_after_they_have_said_all) {
  EXPECT_TRUE(loop_.run(end_writing(one_)));
  EXPECT_EQ(peer_->receive_all(), "");
  peer_->send("still");
  EXPECT_EQ(loop_.run(read(one_)), "still");
}

TEST_F(connections, are_quiet_until_something_arrives) {
  EXPECT_TRUE(is_quiet());
  peer_->send("x");
  await_arrival();
  EXPECT_EQ(loop_.run(read(one_)), "x");
  EXPECT_TRUE(is_quiet());
  peer_->finish_sending();
  await_arrival();
  loop_.perform([this] { one_->close(); });
  EXPECT_FALSE(is_quiet());
}

// The watch for a peer that goes.

TEST_F(connections, tell_when_the_peer_goes) {
  for (const bool resets : {false, true}) {
    std::promise<void> gone;
    loop_.perform([&] { one_->watch_hangup([&] { gone.set_value(); }); });
    if (resets) {
      peer_->reset();
    } else {
      peer_->finish_sending();
    }
    gone.get_future().get();
    auto made = loop_.start(dial(loop_.loop(), {.host = "127.0.0.1", .port = listener_.port()}));
    peer_ = std::make_unique<test_socket>(listener_.accept());
    loop_.perform(
        [&, fresh = std::make_shared<std::unique_ptr<connection>>(made.get().value())] { one_ = std::move(*fresh); });
  }
}

TEST_F(connections, end_the_watch_when_bytes_arrive) {
  int calls = 0;
  loop_.perform([&] { one_->watch_hangup([&] { ++calls; }); });
  peer_->send("next request");
  await_arrival();
  peer_->finish_sending();
  EXPECT_EQ(loop_.run(read(one_)), "next request");
  EXPECT_EQ(loop_.run(read(one_)), "end");
  EXPECT_EQ(calls, 0);
}

TEST_F(connections, do_not_tell_once_the_watch_was_lifted) {
  int calls = 0;
  loop_.perform([&] {
    one_->watch_hangup([&] { ++calls; });
    one_->unwatch_hangup();
    one_->unwatch_hangup();
  });
  auto reading = loop_.start(read(one_));
  peer_->send("x");
  EXPECT_EQ(reading.get(), "x") << "a read passes the old watch";
  peer_->finish_sending();
  EXPECT_EQ(loop_.run(read(one_)), "end");
  EXPECT_EQ(calls, 0);
}

TEST_F(connections, may_go_while_they_are_watched) {
  int calls = 0;
  loop_.perform([&] {
    one_->watch_hangup([&] { ++calls; });
    one_.reset();
  });
  loop_.perform([] {});
  EXPECT_EQ(calls, 0);
}

TEST_F(connections, tell_the_last_watcher_alone) {
  std::promise<int> gone;
  loop_.perform([&] {
    one_->watch_hangup([&] { gone.set_value(1); });
    one_->watch_hangup([&] { gone.set_value(2); });
  });
  peer_->finish_sending();
  EXPECT_EQ(gone.get_future().get(), 2);
}

}  // namespace
}  // namespace refrain::net
