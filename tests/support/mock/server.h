#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include "mock/server.h"

namespace refrain::mock::test {

inline constexpr std::string_view chat = "/v1/chat/completions";
inline constexpr std::string_view plain =
    R"({"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello there"}]})";
inline constexpr std::string_view streamed =
    R"({"stream":true,"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello there"}]})";

/// A server on a free port, with the usual options unless a test starts another.
class running_server : public testing::Test {
 protected:
  void SetUp() override { start({}); }

  void start(options how) {
    running_ = std::make_unique<server>(std::move(how));
    const auto port = running_->start();
    ASSERT_TRUE(port) << port.error().to_string();
    port_ = *port;
  }

  /// Waits for what another thread is about to count; a deadline, not a pace.
  template <class Condition>
  bool comes_true(Condition holds) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < deadline) {
      if (holds(running_->counters())) return true;
      std::this_thread::yield();
    }
    return false;
  }

  std::unique_ptr<server> running_;
  std::uint16_t port_ = 0;
};

}  // namespace refrain::mock::test
