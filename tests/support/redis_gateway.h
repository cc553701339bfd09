#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include "base/log.h"
#include "support/chat_reading.h"
#include "support/fault_proxy.h"
#include "support/gateway.h"
#include "support/redis/ask.h"
#include "support/redis/server.h"

namespace refrain::tests {

/// A gateway over a real Redis with a fault_proxy between them and no memory in front: a hit comes from the Redis. What
/// is logged is kept, from info up.
class redis_gateway_test : public testing::Test {
 protected:
  redis_gateway_test() { testing::internal::CaptureStderr(); }
  ~redis_gateway_test() override { (void)log(); }

  /// Opens the gateway, by the proxy where no other `url` is given.
  gateway& open(std::string url = "", std::function<void(config::settings&)> more = [](auto&) {}) {
    auto configure = [more = std::move(more)](config::settings& to) {
      base::set_log(base::severity::info, base::log_format::text);
      to.memory.max_bytes = base::byte_count{0};
      // Long, as the machine may be busy; waiting for it again and again would still show.
      to.redis.deadline = std::chrono::seconds{1};
      more(to);
    };
    at_work_.reset(
        new gateway{{.configure = std::move(configure), .store = url.empty() ? proxy_.url() : std::move(url)}});
    return *at_work_;
  }

  /// Asks for prompt `n`: the answer is whole and its own, whatever the store does.
  std::string outcome(int n, const header_list& headers = {}) {
    const auto request = chat("prompt " + std::to_string(n));
    const auto got = at_work_->client().post(chat_path, request, headers);
    EXPECT_EQ(got.status, 200) << got.body;
    EXPECT_TRUE(got.complete && proves(got.body, request)) << got.body;
    return got.outcome();
  }
  /// Prompts from `first` on; how many were hits.
  int hits_among(int first, int count) {
    int hits = 0;
    for (int n = first; n < first + count; ++n) hits += outcome(n) == "HIT" ? 1 : 0;
    return hits;
  }
  /// Whether a prompt that was just stored, or soon is, is answered from the Redis.
  bool hits_come(int n = 0) {
    return gateway::eventually([&] {
      const bool hit = outcome(n) == "HIT";
      at_work_->store().flush();
      return hit;
    });
  }

  entry::store_status status() { return at_work_->store().status(); }
  bool is_ready() { return status().health == entry::store_health::ready; }
  bool comes_back() {
    return gateway::eventually([&] { return is_ready(); });
  }
  bool goes_away() {
    return gateway::eventually([&] { return !is_ready(); });
  }

  redis::reply ask(const redis::commands& what) { return redis::testing::ask(server_, what); }

  /// Ends the gateway: what it has logged, for the first who asks.
  std::string log() {
    at_work_.reset();
    if (std::exchange(logged_, true)) return "";
    return testing::internal::GetCapturedStderr();
  }
  /// Ends the gateway, and holds what it said of its store in so many minutes against ten lines in each.
  void expect_few_lines(int minutes = 1) {
    std::istringstream lines{log()};
    int about_redis = 0;
    for (std::string line; std::getline(lines, line);) about_redis += line.contains("Redis at ") ? 1 : 0;
    EXPECT_LE(about_redis, 10 * minutes);
  }

  redis::testing::server server_;
  fault_proxy proxy_{server_.port(), 20261125};
  std::unique_ptr<gateway> at_work_;
  bool logged_ = false;
};

}  // namespace refrain::tests
