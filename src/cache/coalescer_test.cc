#include "cache/coalescer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace refrain::cache {
namespace {

using entry::wire_form;

base::digest256 key(std::uint8_t first) {
  base::digest256 value;
  value.bytes[0] = first;
  return value;
}

class coalescers : public testing::Test {
 protected:
  std::shared_ptr<fill> make(std::uint8_t name, wire_form form = wire_form::plain, bool usage_asked = false,
                             std::uint64_t purge_number = 0) {
    auto made = std::make_shared<fill>();
    made->key = key(name);
    made->form = form;
    made->usage_asked = usage_asked;
    made->purge_number = purge_number;
    made->recording = std::make_shared<entry::recording>(budget_, 100, true);
    return made;
  }

  entry::fill_budget budget_{base::byte_count{1 << 20}};
  coalescer all_;
};

struct join_rule {
  std::string_view name;
  wire_form under_way;
  bool usage_asked;
  wire_form wanted;
  bool wants_usage;
  bool joins;
};

class join_rules : public coalescers, public testing::WithParamInterface<join_rule> {};

TEST_P(join_rules, hold) {
  const auto& rule = GetParam();
  const auto first = make(1, rule.under_way, rule.usage_asked);
  ASSERT_TRUE(all_.join_or_lead(first, {.form = rule.under_way, .wants_usage = rule.usage_asked}).leads);
  const auto second = make(1, rule.wanted, rule.wants_usage);
  const auto got = all_.join_or_lead(second, {.form = rule.wanted, .wants_usage = rule.wants_usage});
  EXPECT_EQ(got.leads, !rule.joins);
  EXPECT_EQ(got.joined, rule.joins ? first : second);
  EXPECT_NE(got.reader, nullptr);
  EXPECT_EQ(all_.size(), rule.joins ? 1u : 2u);
}

constexpr auto plain = wire_form::plain;
constexpr auto stream = wire_form::stream;

INSTANTIATE_TEST_SUITE_P(
    each, join_rules,
    testing::Values(join_rule{"plain_joins_plain", plain, false, plain, false, true},
                    join_rule{"plain_joins_a_stream_with_usage", stream, true, plain, false, true},
                    join_rule{"plain_needs_usage_of_a_stream", stream, false, plain, false, false},
                    join_rule{"a_stream_does_not_wait_for_plain", plain, false, stream, false, false},
                    join_rule{"a_stream_does_not_wait_for_plain_even_for_usage", plain, true, stream, true, false},
                    join_rule{"a_stream_joins_a_stream", stream, false, stream, false, true},
                    join_rule{"a_stream_joins_one_with_more_than_it_wants", stream, true, stream, false, true},
                    join_rule{"a_stream_with_usage_joins_its_like", stream, true, stream, true, true},
                    join_rule{"a_stream_with_usage_needs_usage", stream, false, stream, true, false},
                    join_rule{"timed_joins_its_like", entry::wire_form::timed, false, entry::wire_form::timed, false,
                              true},
                    join_rule{"plain_does_not_wait_for_timed", entry::wire_form::timed, true, plain, false, false}),
    [](const auto& one) { return std::string(one.param.name); });

TEST_F(coalescers, never_join_across_keys) {
  ASSERT_TRUE(all_.join_or_lead(make(1), {}).leads);
  EXPECT_TRUE(all_.join_or_lead(make(2), {}).leads);
}

TEST_F(coalescers, do_not_join_what_began_before_a_purge) {
  ASSERT_TRUE(all_.join_or_lead(make(1, plain, false, 7), {.purge_number = 7}).leads);
  EXPECT_FALSE(all_.join_or_lead(make(1, plain, false, 7), {.purge_number = 7}).leads);
  EXPECT_TRUE(all_.join_or_lead(make(1, plain, false, 8), {.purge_number = 8}).leads);
  EXPECT_FALSE(all_.join_or_lead(make(1, plain, false, 8), {.purge_number = 8}).leads);
}

TEST_F(coalescers, let_the_next_lead_after_the_end) {
  const auto first = make(1);
  const auto second = make(1);
  (void)all_.join_or_lead(first, {});
  all_.end(*first);
  EXPECT_EQ(all_.size(), 0u);
  EXPECT_EQ(all_.join_or_lead(second, {}).joined, second);
  all_.end(*first);
  EXPECT_EQ(all_.size(), 1u) << "only its own place is given up";
}

TEST_F(coalescers, do_not_join_what_outgrew_its_cap) {
  const auto first = make(1);
  (void)all_.join_or_lead(first, {});
  first->recording->append(base::slice{std::string(101, 'x')}, 101, {});
  EXPECT_TRUE(all_.join_or_lead(make(1), {}).leads);
}

TEST_F(coalescers, join_what_has_bytes_already) {
  const auto first = make(1);
  (void)all_.join_or_lead(first, {});
  first->recording->append(base::slice{std::string("early")}, 5, {});
  const auto got = all_.join_or_lead(make(1), {});
  ASSERT_EQ(got.joined, first);
  const auto bytes = got.reader->poll(false);
  ASSERT_TRUE(bytes && *bytes);
  EXPECT_EQ((*bytes)->view(), "early") << "from the first byte";
}

TEST_F(coalescers, have_exactly_one_leader_among_many_threads) {
  constexpr unsigned threads = 8;
  constexpr int rounds = 300;
  std::atomic<int> leaders = 0;
  std::atomic<int> astray = 0;
  std::vector<coalescer::membership> memberships(threads);
  const auto judge = [&]() noexcept {
    const auto leads = std::ranges::count_if(memberships, [](const auto& one) { return one.leads; });
    leaders += static_cast<int>(leads);
    const auto leader = std::ranges::find_if(memberships, [](const auto& one) { return one.leads; });
    for (const auto& one : memberships) astray += leader == memberships.end() || one.joined != leader->joined;
    if (leader != memberships.end()) all_.end(*leader->joined);
  };
  std::barrier start{threads};
  std::barrier end{threads, judge};
  std::vector<std::thread> all;
  for (unsigned i = 0; i < threads; ++i) {
    all.emplace_back([&, i] {
      for (int round = 0; round < rounds; ++round) {
        start.arrive_and_wait();
        memberships[i] = all_.join_or_lead(make(static_cast<std::uint8_t>(round)), {});
        end.arrive_and_wait();
      }
    });
  }
  for (auto& one : all) one.join();
  EXPECT_EQ(leaders, rounds);
  EXPECT_EQ(astray, 0);
  EXPECT_EQ(all_.size(), 0u);
}

}  // namespace
}  // namespace refrain::cache
