#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "semantic/index.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
/// hnswlib has a lock for each node and takes them in any order; changes of a graph come one after another.
extern "C" const char* __tsan_default_suppressions() { return "deadlock:hnswlib\n"; }  // NOLINT: the runtime's name
#endif
#endif

namespace refrain::semantic {
namespace {

constexpr std::size_t width = 16;
constexpr int entries = 200;
constexpr base::sys_seconds now{std::chrono::seconds{1'800'000'000}};

std::vector<float> vector_of(int number) {
  std::vector<float> made(width);
  for (std::size_t i = 0; i < width; ++i) {
    made[i] = std::sin(static_cast<float>(number) * static_cast<float>(i + 1)) / std::sqrt(8.F);
  }
  return made;
}

base::digest256 partition(int number) { return base::sha256(number % 2 == 0 ? "even" : "odd"); }

/// Puts entries in and takes them out, some of them those of others; their partitions change too.
void change(index& own, int seed) {
  for (int i = 0; i < 600; ++i) {
    const int number = (i * 7 + seed) % entries;
    const auto entry = base::sha256(std::to_string(number));
    if (i % 3 == 0) {
      own.erase(entry);
    } else {
      own.insert({.partition = partition(i), .entry = entry, .text = std::to_string(i % 2), .stored_at = now},
                 vector_of(i));
    }
    if (i % 100 == 99) own.erase_if([&](const record& one) { return one.entry.bytes[0] % 4 == seed % 4; });
  }
}

TEST(index_of_many_threads, is_searched_while_it_changes_and_loses_no_count) {
  index own{width, {.most_bytes = 250'000, .graph_from = 40}};
  std::atomic<bool> done = false;
  std::vector<std::thread> searches;
  for (int i = 0; i < 2; ++i) {
    searches.emplace_back([&own, &done, i] {
      for (int round = 0; !done; ++round) {
        // A record of another partition has another text.
        for (const auto& one : own.nearest(partition(i), vector_of(round), 5, now)) {
          EXPECT_EQ(one.stored->text, std::to_string(i));
        }
      }
    });
  }
  std::vector<std::thread> changes;
  for (int i = 0; i < 3; ++i) changes.emplace_back([&own, i] { change(own, i * 61); });
  for (auto& one : changes) one.join();
  done = true;
  for (auto& one : searches) one.join();
  EXPECT_LE(own.bytes(), 250'000);
  own.erase_if([](const record&) { return true; });
  EXPECT_EQ(own.size(), 0);
  EXPECT_EQ(own.partitions(), 0);
  EXPECT_EQ(own.bytes(), 0);
}

}  // namespace
}  // namespace refrain::semantic
