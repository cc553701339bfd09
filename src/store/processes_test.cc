// What holds between processes: several on one file, and one that is killed.

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "store/sqlite_store.h"
#include "support/base/manual_clock.h"
#include "support/net/run_to_end.h"
#include "support/store/fixtures.h"

namespace refrain::store {
namespace {

/// One byte each way.
class signal_pipe {
 public:
  signal_pipe() { EXPECT_EQ(::pipe(ends_), 0); }
  ~signal_pipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  signal_pipe(const signal_pipe&) = delete;
  signal_pipe& operator=(const signal_pipe&) = delete;
  void send() const {
    if (::write(ends_[1], "x", 1) != 1) std::abort();
  }
  void wait() const {
    char byte = 0;
    if (::read(ends_[0], &byte, 1) != 1) std::abort();
  }

 private:
  int ends_[2]{};
};

std::unique_ptr<sqlite_store> open(const std::string& path, const base::clock& clock) {
  store_options options;
  options.clock = &clock;
  auto opened = sqlite_store::open(path, options);
  if (!opened) std::abort();
  return std::move(*opened);
}

entry::entry_ptr get(sqlite_store& store, const sample& one) {
  return net::run_to_end(store.get(one.id())).value_or(nullptr);
}

/// Of a size that depends on the number alone, across all ways of storing a body.
sample sized(int n) {
  const std::size_t size = n % 17 == 0 ? 80'000 : static_cast<std::size_t>(n % 5) * 3000;
  return {.n = n, .body = fmt::format("{:06}", n) + std::string(size, 'a')};
}

TEST(a_killed_process, leaves_nothing_wrong_behind) {
  std::mt19937 random(20'240'229);
  const base::manual_clock clock;
  const scratch_folder folder;
  const auto path = folder.file("cache.db");
  int readable = 0;
  for (int round = 0; round < 10; ++round) {
    const signal_pipe progress;
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto store = open(path, clock);
      for (int n = 0;; n = (n + 1) % 400) {
        store->put(sized(n).make());
        if (n % 40 == 0) store->flush();
        progress.send();
      }
    }
    const int steps = std::uniform_int_distribution(1, 300)(random);
    for (int i = 0; i < steps; ++i) progress.wait();
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);

    const auto store = open(path, clock);
    for (int n = 0; n < 400; ++n) {
      const auto found = get(*store, sized(n));
      if (found == nullptr) continue;
      ++readable;
      ASSERT_EQ(body_of(found), sized(n).text()) << "round " << round << ", entry " << n;
      ASSERT_EQ(found->about, sized(n).about());
    }
  }
  EXPECT_GT(readable, 500);
  for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(path).parent_path())) {
    EXPECT_FALSE(file.path().string().contains(".corrupt-"));
  }
}

TEST(two_processes, share_entries_purges_and_counters) {
  const base::manual_clock clock;
  const scratch_folder folder;
  const auto path = folder.file("cache.db");
  const signal_pipe to_child;
  const signal_pipe to_parent;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    to_child.wait();
    auto store = open(path, clock);
    bool right = get(*store, {.n = 1}) != nullptr;
    for (int n = 2; n < 50; ++n) store->put(sample{.n = n}.make());
    store->counters().add({{.day = 1, .name = "hits", .amount = 40}});
    store->flush();
    to_parent.send();
    to_child.wait();
    right = right &&
            net::run_to_end(store->catalogue().purge({.tag = "odd"})).value_or(entry::purge_report{}).removed == 25;
    to_parent.send();
    store = nullptr;
    ::_exit(right ? 0 : 1);
  }
  auto store = open(path, clock);
  store->put(sample{.n = 1}.make());
  store->counters().add({{.day = 1, .name = "hits", .amount = 2}});
  store->flush();
  to_child.send();
  to_parent.wait();
  EXPECT_NE(get(*store, {.n = 2}), nullptr);
  EXPECT_NE(get(*store, {.n = 3}), nullptr);
  const auto counters = net::run_to_end(store->counters().since(0));
  ASSERT_EQ(counters->size(), 1u);
  EXPECT_EQ(counters->front().amount, 42);

  to_child.send();
  to_parent.wait();
  store->flush();  // looks for records of other processes
  EXPECT_NE(get(*store, {.n = 2}), nullptr);
  EXPECT_EQ(get(*store, {.n = 3}), nullptr);
  // Fetched before the purge that the other process made.
  store->put(sample{.n = 3}.make());
  EXPECT_EQ(get(*store, {.n = 3}), nullptr);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace refrain::store
