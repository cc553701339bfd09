#include "ledger/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "entry/counters.h"

namespace refrain::ledger {
namespace {

using entry::cache_type;
using entry::micro_usd;
using entry::outcome;

charge one(outcome what, std::optional<micro_usd> cost, cache_type type = cache_type::llm,
           std::string_view model = "gpt-4o") {
  return {.outcome = what, .type = type, .upstream = "openai", .model = model, .cost = cost};
}

totals read_back(const entry::counter_deltas& counters) {
  totals sum;
  for (const auto& counter : counters) EXPECT_TRUE(add_counter(sum, counter)) << counter.name;
  return sum;
}

TEST(ledger, hits_save_and_upstream_calls_spend) {
  ledger book;
  book.record(one(outcome::miss, micro_usd{100}));
  book.record(one(outcome::hit, micro_usd{100}));
  book.record(one(outcome::coalesced, micro_usd{100}));
  book.record(one(outcome::stale, micro_usd{7}));
  book.record(one(outcome::refresh, micro_usd{50}));
  book.record(one(outcome::bypass, micro_usd{5}));
  const auto sum = book.snapshot().all();
  EXPECT_EQ(sum.saved, micro_usd{207});
  EXPECT_EQ(sum.spent, micro_usd{155});
  EXPECT_EQ(sum.hits(), 3u);
  EXPECT_EQ(sum.misses(), 2u);
  EXPECT_EQ(sum.requests(), 6u);
  EXPECT_EQ(sum.count(outcome::bypass), 1u);
}

TEST(ledger, an_unknown_price_is_counted_and_adds_nothing) {
  ledger book;
  book.record(one(outcome::hit, std::nullopt));
  book.record(one(outcome::miss, std::nullopt));
  const auto sum = book.snapshot().all();
  EXPECT_EQ(sum.unpriced, 2u);
  EXPECT_EQ(sum.saved, micro_usd{});
  EXPECT_EQ(sum.spent, micro_usd{});
}

TEST(ledger, counts_each_item_of_a_batch_whose_price_is_unknown) {
  ledger book;
  auto batch = one(outcome::miss, std::nullopt);
  batch.count = 7;
  book.record(batch);
  EXPECT_EQ(book.snapshot().all().misses(), 7u);
  EXPECT_EQ(book.snapshot().all().unpriced, 7u);
}

TEST(ledger, tells_types_and_models_apart) {
  ledger book;
  book.record(one(outcome::hit, micro_usd{1}));
  book.record(one(outcome::hit, micro_usd{2}, cache_type::tts, "tts-1"));
  book.record(one(outcome::hit, micro_usd{4}, cache_type::llm, "gpt-5"));
  const auto sum = book.snapshot();
  const auto saved = [&](cache_type type, const char* model) {
    return sum.rows.at({.type = type, .upstream = "openai", .model = model}).saved;
  };
  EXPECT_EQ(saved(cache_type::llm, "gpt-4o"), micro_usd{1});
  EXPECT_EQ(saved(cache_type::tts, "tts-1"), micro_usd{2});
  EXPECT_EQ(saved(cache_type::llm, "gpt-5"), micro_usd{4});
}

TEST(ledger, models_are_bounded) {
  ledger book;
  for (std::size_t i = 0; i < ledger::most_rows + 100; ++i) {
    book.record(one(outcome::hit, micro_usd{1}, cache_type::llm, std::to_string(i)));
  }
  const auto sum = book.snapshot();
  EXPECT_EQ(sum.rows.size(), ledger::most_rows + 1);
  EXPECT_EQ(sum.rows.at({.type = cache_type::llm, .upstream = "(other)", .model = "(other)"}).hits(), 100u);
  EXPECT_EQ(sum.all().hits(), ledger::most_rows + 100);
}

TEST(drain, gives_each_request_once) {
  ledger book;
  book.record(one(outcome::miss, micro_usd{10}));
  book.record(one(outcome::hit, micro_usd{10}));
  EXPECT_EQ(read_back(book.drain(20'000)), book.snapshot());
  EXPECT_TRUE(book.drain(20'000).empty());
  book.record(one(outcome::hit, micro_usd{10}));
  const auto later = book.drain(20'001);
  EXPECT_EQ(read_back(later).all().hits(), 1u);
  for (const auto& counter : later) EXPECT_EQ(counter.day, 20'001);
  EXPECT_EQ(book.snapshot().all().hits(), 2u);
}

TEST(drain, names_counters_by_type_upstream_model_and_figure) {
  ledger book;
  book.record(one(outcome::semantic_hit, micro_usd{10}, cache_type::llm, "openai/gpt:4 o"));
  std::vector<std::string> names;
  for (const auto& counter : book.drain(1)) names.push_back(counter.name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("llm:openai:openai%2Fgpt%3A4%20o:semantic_hit",
                                                   "llm:openai:openai%2Fgpt%3A4%20o:saved"));
}

TEST(counters, that_are_none_of_ours_are_left_alone) {
  totals sum;
  for (const auto* name : {"", "llm", "llm:a:b", "llm:a:b:hit:c", "what:a:b:hit", "llm:a:b:what", "llm:%zz:b:hit"}) {
    EXPECT_FALSE(add_counter(sum, {.day = 1, .name = name, .amount = 1})) << name;
  }
  EXPECT_TRUE(sum.rows.empty());
}

TEST(counters, of_a_model_without_name_are_read_back) {
  ledger book;
  book.record(one(outcome::bypass, std::nullopt, cache_type::llm, ""));
  EXPECT_EQ(read_back(book.drain(1)), book.snapshot());
}

TEST(ledger, loses_nothing_between_threads) {
  constexpr int threads = 4;
  constexpr std::uint64_t each = 5'000;
  ledger book;
  totals drained;
  std::atomic<int> running = threads;
  std::vector<std::jthread> writers;
  for (int i = 0; i < threads; ++i) {
    writers.emplace_back([&] {
      for (std::uint64_t n = 0; n < each; ++n) book.record(one(outcome::hit, micro_usd{1}));
      --running;
    });
  }
  const auto take = [&] {
    for (const auto& counter : book.drain(1)) add_counter(drained, counter);
  };
  while (running > 0) take();
  writers.clear();
  take();
  EXPECT_EQ(drained.all().hits(), threads * each);
  EXPECT_EQ(drained, book.snapshot());
}

}  // namespace
}  // namespace refrain::ledger
