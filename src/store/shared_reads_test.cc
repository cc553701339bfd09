// Many who want one entry at once cause one read below.

#include "store/shared_reads.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "store/memory_store.h"
#include "store/tiered_store.h"
#include "support/net/loop.h"
#include "support/store/fixtures.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;
using answer = base::result<entry::entry_ptr>;

/// A store that counts reads and answers them when it is let.
class slow_store final : public entry::store {
 public:
  net::task<answer> get(entry::entry_id id) override {
    reads.fetch_add(1);
    while (!open) {
      const auto seen = opened_.version();
      if (open) break;
      co_await opened_.wait_past(seen);
    }
    if (fails) co_return base::fail(base::errc::store_unavailable, "it is away", true);
    co_return co_await held.get(std::move(id));
  }
  entry::catalogue& catalogue() noexcept override { return held.catalogue(); }
  entry::store_status status() const override { return held.status(); }
  void let() {
    open = true;
    opened_.raise();
  }

  memory_store held{{}};
  std::atomic<int> reads{0};
  std::atomic<bool> open{false};
  std::atomic<bool> fails{false};

 private:
  bool write(entry::entry_ptr fresh) override { return held.put(std::move(fresh)); }

  net::signal opened_;
};

class shared_readers : public testing::Test {
 protected:
  shared_readers() {
    for (const int n : {1, 2, 3}) below_->held.put(sample{.n = n, .stored_at = now_, .ttl = 1h}.make());
  }
  ~shared_readers() override {
    for (auto& one : loops_) one.stop();
  }

  std::future<answer> get(int n, std::size_t loop = 0) { return loops_[loop].start(store_.get(sample{.n = n}.id())); }
  std::future<std::vector<entry::entry_ptr>> get_many(std::vector<int> numbers) {
    std::vector<entry::entry_id> ids;
    for (const int n : numbers) ids.push_back(sample{.n = n}.id());
    return loops_[0].start(store_.get_many(std::move(ids)));
  }
  void await_reads(int count) {
    while (below_->reads < count) std::this_thread::sleep_for(1ms);
  }
  /// All that was started on the loops so far has gone as far as it can.
  void let_run() {
    for (int turn = 0; turn < 3; ++turn) {
      for (auto& one : loops_) one.perform([] {});
    }
  }

  const base::sys_seconds now_ = base::system_clock().seconds();
  net::running_loop loops_[2];
  slow_store* below_ = new slow_store;
  std::shared_ptr<near_cache> near_ = std::make_shared<near_cache>(std::make_unique<memory_store>(store_options{}));
  tiered_store store_{near_, std::unique_ptr<entry::store>{below_}};
};

TEST_F(shared_readers, of_any_loop_cause_one_read) {
  std::vector<std::future<answer>> all;
  for (std::size_t i = 0; i < 20; ++i) all.push_back(get(1, i % 2));
  let_run();
  EXPECT_EQ(below_->reads, 1);
  below_->let();
  entry::entry_ptr first;
  for (auto& one : all) {
    const auto found = one.get().value();
    EXPECT_EQ(body_of(found), sample{.n = 1}.text());
    if (first == nullptr) first = found;
    EXPECT_EQ(found, first);
  }
  EXPECT_EQ(below_->reads, 1);
}

TEST_F(shared_readers, of_several_entries_wait_for_those_under_way_and_read_the_others) {
  auto one = get(1);
  await_reads(1);
  auto many = get_many({1, 2, 2, 9});
  auto other = get(2, 1);
  let_run();
  EXPECT_EQ(below_->reads, 3);
  below_->let();
  const auto found = many.get();
  EXPECT_EQ(body_of(found[0]), sample{.n = 1}.text());
  EXPECT_EQ(body_of(found[1]), sample{.n = 2}.text());
  EXPECT_EQ(found[2], found[1]);
  EXPECT_EQ(found[3], nullptr);
  EXPECT_EQ(body_of(one.get().value()), sample{.n = 1}.text());
  EXPECT_EQ(other.get().value(), found[1]);
  EXPECT_EQ(below_->reads, 3);
}

TEST_F(shared_readers, share_a_miss_and_a_fault) {
  below_->fails = true;
  auto one = get(1);
  await_reads(1);
  auto other = get(1, 1);
  let_run();
  below_->let();
  EXPECT_EQ(one.get().error().code, base::errc::store_unavailable);
  EXPECT_EQ(other.get().error().code, base::errc::store_unavailable);
  EXPECT_EQ(below_->reads, 1);
}

TEST_F(shared_readers, do_not_share_a_read_that_began_before_a_change) {
  auto before = get(1);
  await_reads(1);
  (void)near_->changed(sample{.n = 1}.id().digest.hex());
  auto after = get(1);
  let_run();
  EXPECT_EQ(below_->reads, 2);
  store_.put(sample{.n = 1, .body = "new", .stored_at = now_, .ttl = 1h}.make());
  auto last = get(1);
  below_->let();
  EXPECT_EQ(body_of(last.get().value()), "new");
  (void)before.get();
  (void)after.get();
  EXPECT_EQ(body_of(store_.peek(sample{.n = 1}.id())), "new");
}

TEST_F(shared_readers, do_not_share_across_tenants) {
  auto own = get(1);
  await_reads(1);
  auto id = sample{.n = 1}.id();
  id.tenant = base::sha256("bert");
  auto other = loops_[0].start(store_.get(id));
  await_reads(2);
  below_->let();
  EXPECT_EQ(other.get().value(), nullptr);
  EXPECT_NE(own.get().value(), nullptr);
}

TEST_F(shared_readers, read_by_themselves_where_the_leader_was_cancelled) {
  boost::asio::cancellation_signal stop;
  auto lead = [](tiered_store& store) -> net::task<> { (void)co_await store.get(sample{.n = 1}.id()); };
  boost::asio::co_spawn(loops_[0].loop().get_executor(), lead(store_),
                        boost::asio::bind_cancellation_slot(stop.slot(), boost::asio::detached));
  await_reads(1);
  auto other = get(1, 1);
  let_run();
  loops_[0].perform([&] { stop.emit(boost::asio::cancellation_type::terminal); });
  below_->let();
  EXPECT_EQ(body_of(other.get().value()), sample{.n = 1}.text());
}

TEST_F(shared_readers, may_go_with_their_loop_after_the_store) {
  auto never = get(1);
  await_reads(1);
  auto neither = get(1, 1);
  let_run();
}

TEST_F(shared_readers, begin_anew_where_the_leader_has_gone_without_an_answer) {
  shared_reads reads;
  const auto id = sample{.n = 1}.id();
  auto leader = std::make_optional(reads.join(id, {}));
  ASSERT_TRUE(leader->leads());
  auto other = reads.join(id, {});
  ASSERT_FALSE(other.leads());
  auto waiting = loops_[0].start(other.wait());
  leader.reset();
  EXPECT_FALSE(waiting.get().has_value());
  EXPECT_TRUE(reads.join(id, {}).leads());

  auto cancelled = reads.join(id, {});
  auto third = reads.join(id, {});
  cancelled.finish(base::fail(base::errc::cancelled, "the caller did not wait"));
  EXPECT_FALSE(loops_[0].run(third.wait()).has_value());
}

}  // namespace
}  // namespace refrain::store
