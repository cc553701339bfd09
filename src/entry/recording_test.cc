#include "entry/recording.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "support/net/loop.h"

namespace refrain::entry {
namespace {

using base::errc;
using namespace base;  // for the literals of bytes

slice text(std::string_view bytes) { return slice{std::string(bytes)}; }

/// What a reader can have now: its bytes, and `.` at the end, `!` where it breaks, `?` where more may come.
std::string drain(recording::reader& one, bool skip_usage = false) {
  std::string all;
  while (true) {
    const auto piece = one.poll(skip_usage);
    if (!piece) return all + "?";
    if (!*piece) return all + "!";
    if ((*piece)->empty()) return all + ".";
    all += (*piece)->view();
  }
}

class recordings : public testing::Test {
 protected:
  std::shared_ptr<recording> make(bool keep = true, byte_count most = 1_MiB) {
    return std::make_shared<recording>(budget_, most.value, keep);
  }
  void add(recording& to, std::string_view bytes) { to.append(text(bytes), to.size() + bytes.size(), {}); }

  fill_budget budget_{1_MiB};
};

TEST_F(recordings, are_read_at_any_pace) {
  const auto one = make();
  const auto eager = one->join();
  add(*one, "one ");
  EXPECT_EQ(drain(*eager), "one ?");
  add(*one, "two ");
  const auto late = one->join();
  add(*one, "three");
  EXPECT_EQ(drain(*eager), "two three?");
  EXPECT_EQ(drain(*late), "one two three?");
  one->complete();
  EXPECT_EQ(drain(*eager), ".");
  EXPECT_EQ(drain(*late), ".");
  EXPECT_EQ(drain(*one->join()), "one two three.") << "also after the end";
}

TEST_F(recordings, share_their_bytes_with_all_readers) {
  const auto one = make();
  const auto bytes = text("shared");
  one->append(bytes, 6, {});
  const auto reader = one->join();
  EXPECT_TRUE(reader->poll(false)->value().shares_with(bytes));
  EXPECT_TRUE(one->body().front().shares_with(bytes));
}

/// Whoever has seen an answer's end finds it stored: the last bytes are shown after they were stored.
TEST_F(recordings, show_their_last_bytes_with_their_end) {
  for (const bool skip_usage : {false, true}) {
    const auto one = make();
    const auto reader = one->join();
    add(*one, "first ");
    one->append_last(text("last"), {});
    EXPECT_EQ(one->size(), 10u);
    EXPECT_EQ(one->body().size(), 2u);
    EXPECT_EQ(drain(*reader, skip_usage), "first ?");
    one->complete();
    EXPECT_EQ(drain(*reader, skip_usage), "last.");
  }
}

TEST_F(recordings, break_after_the_bytes_that_came) {
  const auto one = make();
  const auto reader = one->join();
  add(*one, "half");
  one->fail({.code = errc::upstream_closed});
  EXPECT_EQ(drain(*reader), "half!");
  EXPECT_EQ(reader->poll(false)->error().code, errc::upstream_closed);
}

TEST_F(recordings, pass_empty_slices_over) {
  const auto one = make();
  const auto reader = one->join();
  add(*one, "");
  add(*one, "a");
  add(*one, "");
  add(*one, "");
  add(*one, "b");
  EXPECT_EQ(drain(*reader), "ab?");
}

// Usage events.

TEST_F(recordings, hold_incomplete_events_back_from_those_who_skip_usage) {
  const auto one = make();
  const auto whole = one->join();
  const auto skipping = one->join();
  one->append(text("event 1; us"), 8, {});
  EXPECT_EQ(drain(*skipping, true), "event 1;?");
  EXPECT_EQ(drain(*whole), "event 1; us?");
  one->append(text("age; ev"), 15, {{.what = mark::kind::usage, .offset = 8, .length = 7}});
  EXPECT_EQ(drain(*skipping, true), "?");
  one->append(text("ent 2;"), 24, {});
  EXPECT_EQ(drain(*skipping, true), " event 2;?");
  one->complete();
  EXPECT_EQ(drain(*skipping, true), ".");
}

TEST_F(recordings, never_show_half_an_event_to_those_who_skip_usage) {
  const auto one = make();
  const auto skipping = one->join();
  one->append(text("event 1; ev"), 8, {});
  one->fail({.code = errc::upstream_closed});
  EXPECT_EQ(drain(*skipping, true), "event 1;!");
}

TEST_F(recordings, of_too_many_events_to_know_of_are_not_kept) {
  const auto one = make();
  const auto skipping = one->join();
  std::string read;
  for (std::uint64_t at = 0; at <= 2 * recording::most_marks; at += 2) {
    one->append(text("ab"), at + 2, {{.what = mark::kind::usage, .offset = at + 1, .length = 1}});
    if (at % 64 == 0) read += drain(*skipping, true);
  }
  one->complete();
  read += drain(*skipping, true);
  EXPECT_FALSE(one->kept());
  EXPECT_EQ(std::ranges::count(read, 'a'), recording::most_marks + 1);
  EXPECT_EQ(std::ranges::count(read, 'b'), 0);
}

/// A stream of events, cut anywhere and with any of them marked, reads the same.
TEST_F(recordings, skip_usage_wherever_the_bytes_were_cut) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    std::mt19937 random{seed};
    const auto below = [&random](std::size_t most) { return random() % most; };
    std::string bytes;
    std::string without_usage;
    std::vector<mark> marks;
    std::vector<std::uint64_t> ends;
    for (auto events = below(8); events > 0; --events) {
      const auto event = std::string(1 + below(6), static_cast<char>('a' + below(26))) + ";";
      const auto kind = below(4);
      if (kind == 0) marks.push_back({mark::kind::usage, bytes.size(), event.size()});
      if (kind == 1) marks.push_back({mark::kind::terminator, bytes.size(), event.size()});
      if (kind != 0) without_usage += event;
      bytes += event;
      ends.push_back(bytes.size());
    }

    const bool keep = below(2) == 0;
    const auto one = make(keep);
    const auto plain = one->join();
    const auto skipping = one->join();
    std::string plain_text;
    std::string skipping_text;
    std::size_t marked = 0;
    for (std::size_t at = 0; at < bytes.size();) {
      const auto size = std::min(1 + below(10), bytes.size() - at);
      std::uint64_t whole = 0;
      for (const auto end : ends) {
        if (end <= at + size) whole = end;
      }
      std::vector<mark> fresh;
      while (marked < marks.size() && marks[marked].offset + marks[marked].length <= whole) {
        fresh.push_back(marks[marked++]);
      }
      const auto piece = text(std::string_view{bytes}.substr(at, size));
      at += size;
      if (at == bytes.size() && below(2) == 0) {
        one->append_last(piece, fresh);
      } else {
        one->append(piece, whole, fresh);
      }
      if (below(2) == 0) plain_text += drain(*plain);
      if (below(2) == 0) skipping_text += drain(*skipping, true);
    }
    one->complete();
    plain_text += drain(*plain);
    skipping_text += drain(*skipping, true);
    std::erase(plain_text, '?');
    std::erase(skipping_text, '?');
    ASSERT_EQ(plain_text, bytes + ".") << "seed " << seed;
    ASSERT_EQ(skipping_text, without_usage + ".") << "seed " << seed;
  }
}

// What is kept, and what it may cost.

TEST_F(recordings, take_from_the_shared_budget_and_give_back) {
  {
    const auto one = make();
    add(*one, std::string(1000, 'x'));
    EXPECT_EQ(budget_.taken(), 1000u);
    const auto two = make();
    add(*two, std::string(500, 'x'));
    EXPECT_EQ(budget_.taken(), 1500u);
    const auto uncached = make(false);
    add(*uncached, std::string(500, 'x'));
    EXPECT_EQ(budget_.taken(), 1500u);
  }
  EXPECT_EQ(budget_.taken(), 0u);
}

struct too_much {
  std::string_view name;
  byte_count most_of_one;
  byte_count taken_by_others;
};

class outgrown : public recordings, public testing::WithParamInterface<too_much> {};

TEST_P(outgrown, are_not_kept_yet_read_to_the_end_by_those_who_are_there) {
  ASSERT_TRUE(budget_.take(GetParam().taken_by_others.value));
  const auto one = make(true, GetParam().most_of_one);
  const auto slow = one->join();
  const auto fast = one->join();
  add(*one, std::string(5'000, 'a'));
  EXPECT_EQ(drain(*fast).size(), 5'001u);
  EXPECT_TRUE(one->kept());
  add(*one, std::string(5'001, 'b'));
  EXPECT_FALSE(one->kept());
  EXPECT_EQ(budget_.taken(), GetParam().taken_by_others.value) << "its part went back";
  EXPECT_EQ(one->join(), nullptr) << "its beginning may be gone";
  EXPECT_EQ(drain(*slow), std::string(5'000, 'a') + std::string(5'001, 'b') + "?");
  add(*one, "end");
  one->complete();
  EXPECT_EQ(drain(*slow), "end.");
  EXPECT_EQ(drain(*fast), std::string(5'001, 'b') + "end.");
}

INSTANTIATE_TEST_SUITE_P(each, outgrown,
                         testing::Values(too_much{"the_cap_of_one", {10'000}, {0}},
                                         too_much{"the_shared_budget", 1_MiB, {(1u << 20) - 10'000}}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST_F(recordings, at_their_cap_to_the_byte_are_kept) {
  const auto one = make(true, {10});
  add(*one, "0123456789");
  EXPECT_TRUE(one->kept());
  add(*one, "x");
  EXPECT_FALSE(one->kept());
}

TEST_F(recordings, drop_what_all_readers_have_passed_unless_kept) {
  const auto one = make(false);
  const auto slow = one->join();
  const auto fast = one->join();
  auto bytes = text("first");
  const std::string_view where = bytes.view();
  one->append(std::move(bytes), 5, {});
  add(*one, "second");
  EXPECT_EQ(drain(*fast), "firstsecond?");
  add(*one, "third");
  EXPECT_EQ(one->body().front().view().data(), where.data()) << "one has yet to read it";
  EXPECT_EQ(drain(*slow), "firstsecondthird?");
  add(*one, "fourth");
  ASSERT_EQ(one->body().size(), 2u);
  EXPECT_EQ(one->body().front().view(), "third");
  slow->leave();
  EXPECT_EQ(drain(*fast), "thirdfourth?");
}

TEST_F(recordings, that_are_not_kept_take_readers_until_the_first_byte) {
  const auto one = make(false);
  one->begin({.status = 200});
  const auto reader = one->join();
  ASSERT_NE(reader, nullptr);
  add(*one, "x");
  EXPECT_EQ(one->join(), nullptr);
  EXPECT_EQ(drain(*reader), "x?");
}

// Waiting.

net::task<errc> wait_for_head(std::shared_ptr<recording::reader> one) {
  const auto head = co_await one->head();
  co_return head ? ((*head)->status == 200 ? errc::not_found : errc::internal) : head.error().code;
}

net::task<errc> wait_for_bytes(std::shared_ptr<recording::reader> one) {
  const auto piece = co_await one->next(false);
  co_return piece ? errc::not_found : piece.error().code;
}

/// `kept`, `passing`, or `failed`.
net::task<std::string> wait_for_all(std::shared_ptr<recording::reader> one) {
  const auto whole = co_await one->whole();
  co_return !whole ? "failed" : *whole ? "kept" : "passing";
}

/// In its tests errc::not_found stands for "no error".
class waiting_readers : public recordings {
 protected:
  net::running_loop loop_;
};

TEST_F(waiting_readers, are_woken_by_the_head) {
  const auto one = make();
  auto head = loop_.start(wait_for_head(one->join()));
  one->begin({.status = 200});
  EXPECT_EQ(head.get(), errc::not_found);
}

TEST_F(waiting_readers, of_the_whole_are_woken_by_its_end_and_have_read_nothing) {
  const auto one = make();
  const auto reader = one->join();
  auto all = loop_.start(wait_for_all(reader));
  add(*one, "abc");
  one->complete();
  EXPECT_EQ(all.get(), "kept");
  EXPECT_EQ(drain(*reader), "abc.");
}

TEST_F(waiting_readers, of_the_whole_are_woken_where_it_is_kept_no_longer) {
  const auto one = make(true, byte_count{2});
  auto all = loop_.start(wait_for_all(one->join()));
  add(*one, "abc");
  EXPECT_EQ(all.get(), "passing");
  const auto broken = make();
  auto none = loop_.start(wait_for_all(broken->join()));
  broken->fail({.code = errc::upstream_closed});
  EXPECT_EQ(none.get(), "failed");
}

TEST_F(waiting_readers, are_woken_by_bytes) {
  const auto one = make();
  auto piece = loop_.start(wait_for_bytes(one->join()));
  add(*one, "x");
  EXPECT_EQ(piece.get(), errc::not_found);
}

TEST_F(waiting_readers, are_woken_by_a_failure) {
  const auto one = make();
  auto head = loop_.start(wait_for_head(one->join()));
  auto piece = loop_.start(wait_for_bytes(one->join()));
  one->fail({.code = errc::upstream_timeout});
  EXPECT_EQ(head.get(), errc::upstream_timeout);
  EXPECT_EQ(piece.get(), errc::upstream_timeout);
}

TEST_F(waiting_readers, see_the_head_of_what_failed_after_it) {
  const auto one = make();
  one->begin({.status = 200});
  one->fail({.code = errc::upstream_closed});
  EXPECT_EQ(loop_.run(wait_for_head(one->join())), errc::not_found);
}

TEST_F(waiting_readers, are_cancelled_by_leaving) {
  const auto one = make();
  const auto first = one->join();
  const auto second = one->join();
  auto head = loop_.start(wait_for_head(first));
  auto piece = loop_.start(wait_for_bytes(second));
  loop_.perform([&] {
    first->leave();
    first->leave();
    second->leave();
  });
  EXPECT_EQ(head.get(), errc::cancelled);
  EXPECT_EQ(piece.get(), errc::cancelled);
  EXPECT_FALSE(one->is_read());
}

net::task<bool> wait_for_room(std::shared_ptr<recording> one) { co_return co_await one->await_room(); }

class waiting_writers : public waiting_readers {
 protected:
  /// Whether there is room already.
  bool has_room(const std::shared_ptr<recording>& one) {
    auto room = loop_.start(wait_for_room(one));
    // So many turns of the loop are enough to begin, and to go on where nothing is waited for.
    for (int turn = 0; turn < 10; ++turn) loop_.perform([] {});
    const bool at_once = room.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
    one->fail({});
    for (const auto& reader : readers_) reader->leave();
    (void)room.get();
    return at_once;
  }
  std::vector<std::shared_ptr<recording::reader>> readers_;
};

TEST_F(waiting_writers, have_room_as_long_as_bytes_are_kept) {
  const auto one = make(true, 10_MiB);
  readers_ = {one->join()};
  add(*one, std::string(recording::window * 2, 'x'));
  EXPECT_TRUE(has_room(one));
}

TEST_F(waiting_writers, have_room_within_the_window) {
  const auto one = make(false);
  readers_ = {one->join()};
  add(*one, std::string(recording::window - 1, 'x'));
  EXPECT_TRUE(has_room(one));
}

TEST_F(waiting_writers, wait_for_the_slowest_reader) {
  const auto one = make(false);
  readers_ = {one->join(), one->join()};
  add(*one, std::string(recording::window, 'x'));
  (void)drain(*readers_[0]);
  EXPECT_FALSE(has_room(one));
}

TEST_F(waiting_writers, go_on_when_the_slowest_has_read) {
  const auto one = make(false);
  const auto reader = one->join();
  add(*one, std::string(recording::window, 'x'));
  auto room = loop_.start(wait_for_room(one));
  (void)drain(*reader);
  EXPECT_TRUE(room.get());
}

TEST_F(waiting_writers, go_on_when_the_slowest_leaves) {
  const auto one = make(false);
  const auto slow = one->join();
  const auto fast = one->join();
  add(*one, std::string(recording::window, 'x'));
  (void)drain(*fast);
  auto room = loop_.start(wait_for_room(one));
  slow->leave();
  EXPECT_TRUE(room.get());
}

TEST_F(waiting_writers, stop_when_nobody_reads) {
  const auto one = make(false);
  const auto reader = one->join();
  add(*one, std::string(recording::window, 'x'));
  auto room = loop_.start(wait_for_room(one));
  reader->leave();
  EXPECT_FALSE(room.get());
}

// Leaving.

TEST_F(recordings, tell_each_time_that_the_last_reader_leaves) {
  const auto one = make();
  int detached = 0;
  one->on_detached([&] { ++detached; });
  {
    const auto first = one->join();
    auto second = one->join();
    second.reset();
    EXPECT_EQ(detached, 0);
    first->leave();
    EXPECT_EQ(detached, 1);
    first->leave();
    EXPECT_EQ(detached, 1) << "it had left";
  }
  EXPECT_EQ(detached, 1);
  (void)one->join();
  EXPECT_EQ(detached, 2) << "one who came back left again";
}

TEST_F(recordings, do_not_tell_after_their_end) {
  for (const bool fails : {false, true}) {
    const auto one = make();
    int detached = 0;
    one->on_detached([&] { ++detached; });
    const auto reader = one->join();
    if (fails) {
      one->fail({});
    } else {
      one->complete();
    }
    reader->leave();
    EXPECT_EQ(detached, 0);
  }
}

TEST_F(recordings, forget_a_reader_that_left) {
  const auto one = make();
  const auto reader = one->join();
  add(*one, "x");
  EXPECT_TRUE(one->is_read());
  reader->leave();
  EXPECT_FALSE(one->is_read());
  EXPECT_EQ(reader->poll(false)->error().code, errc::cancelled);
}

}  // namespace
}  // namespace refrain::entry
