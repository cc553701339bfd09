#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <string>
#include <vector>

#include "entry/recording.h"
#include "support/net/loop.h"

namespace refrain::entry {
namespace {

constexpr std::size_t piece_size = 997;
constexpr std::size_t pieces = 400;

/// Byte `at` of what is recorded.
char byte_at(std::uint64_t at) { return static_cast<char>('a' + at * 31 % 26); }

std::string bytes_from(std::uint64_t at, std::size_t size) {
  std::string all(size, '\0');
  for (std::size_t i = 0; i < size; ++i) all[i] = byte_at(at + i);
  return all;
}

net::task<bool> write(std::shared_ptr<recording> to, bool fails) {
  to->begin({.status = 200});
  for (std::size_t i = 0; i < pieces; ++i) {
    const auto at = i * piece_size;
    to->append(base::slice{bytes_from(at, piece_size)}, at + piece_size, {});
    const bool wanted = co_await to->await_room();
    if (!wanted) break;
  }
  if (fails) {
    to->fail({.code = base::errc::upstream_closed});
  } else {
    to->complete();
  }
  co_return true;
}

/// Reads to the end, or leaves after `timeout` bytes. How much came, whole and right; -1 where it was not.
net::task<std::int64_t> read(std::shared_ptr<recording::reader> one, std::int64_t timeout) {
  const auto head = co_await one->head();
  if (!head || (*head)->status != 200) co_return -1;
  std::int64_t at = 0;
  while (at < timeout) {
    const auto piece = co_await one->next(false);
    if (!piece) co_return piece.error().code == base::errc::upstream_closed ? at : -1;
    if (piece->empty()) co_return at;
    for (const char c : piece->view()) {
      if (c != byte_at(static_cast<std::uint64_t>(at++))) co_return -1;
    }
  }
  one->leave();
  co_return timeout;
}

constexpr std::int64_t whole = piece_size * pieces;

struct way {
  std::string_view name;
  bool keep;
  std::uint64_t most;
  bool fails;
};

class recordings_on_threads : public testing::TestWithParam<way> {};

TEST_P(recordings_on_threads, give_every_reader_every_byte) {
  const auto& [name, keep, most, fails] = GetParam();
  fill_budget budget{base::byte_count{1 << 30}};
  net::running_loop loops[3];
  for (unsigned round = 0; round < 3; ++round) {
    const auto one = std::make_shared<recording>(budget, most, keep);
    std::atomic<int> detached = 0;
    one->on_detached([&] { ++detached; });
    std::mt19937 random{round};
    std::vector<std::future<std::int64_t>> readers;
    std::vector<std::int64_t> expected;
    const auto start = [&](std::shared_ptr<recording::reader> reader, std::size_t at) {
      const bool leaves = readers.size() % 3 == 2;
      expected.push_back(leaves ? static_cast<std::int64_t>(random() % whole) : whole);
      readers.push_back(loops[at % 3].start(read(std::move(reader), leaves ? expected.back() : whole + 1)));
    };
    for (std::size_t i = 0; i < 9; ++i) start(one->join(), i);
    auto writer = loops[round % 3].start(write(one, fails));
    // Latecomers, as long as they are taken.
    for (std::size_t i = 0; i < 9; ++i) {
      if (auto late = one->join()) start(std::move(late), i);
    }
    ASSERT_TRUE(writer.get());
    for (std::size_t i = 0; i < readers.size(); ++i) ASSERT_EQ(readers[i].get(), expected[i]) << round << ' ' << i;
  }
  for (auto& one : loops) one.stop();
  EXPECT_EQ(budget.taken(), 0u);
}

INSTANTIATE_TEST_SUITE_P(each, recordings_on_threads,
                         testing::Values(way{"kept", true, whole, false}, way{"not_kept", false, whole, false},
                                         way{"outgrown", true, whole / 3, false}, way{"failed", true, whole, true}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(recordings_on_threads, end_when_all_readers_leave) {
  fill_budget budget{base::byte_count{1 << 30}};
  net::running_loop loops[3];
  for (unsigned round = 0; round < 50; ++round) {
    const auto one = std::make_shared<recording>(budget, whole, false);
    std::vector<std::future<std::int64_t>> readers;
    for (std::size_t i = 0; i < 6; ++i) {
      readers.push_back(loops[i % 3].start(read(one->join(), static_cast<std::int64_t>(i * 1000 + 1))));
    }
    EXPECT_TRUE(loops[round % 3].start(write(one, false)).get());
    for (auto& reader : readers) EXPECT_GT(reader.get(), 0);
    EXPECT_FALSE(one->is_read());
  }
}

}  // namespace
}  // namespace refrain::entry
