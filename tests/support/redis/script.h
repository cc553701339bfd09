#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "support/net/socket.h"

namespace refrain::redis::testing {

/// For tests: answers commands by a script, for what a real Redis cannot be brought to say. It takes one connection
/// after the other until it goes.
class scripted_redis {
 public:
  using words = std::vector<std::string>;
  /// The reply in RESP to one command; empty: it hangs up.
  using script = std::function<std::string(const words&)>;

  explicit scripted_redis(script says) : thread_([this, says = std::move(says)] { serve(says); }) {}
  ~scripted_redis() {
    over_ = true;
    (void)net::test_socket::to(listener_.port());
    thread_.join();
  }
  scripted_redis(const scripted_redis&) = delete;
  scripted_redis& operator=(const scripted_redis&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return listener_.port(); }

 private:
  void serve(const script& says) {
    while (true) {
      auto caller = listener_.accept();
      if (over_) return;
      answer(caller, says);
    }
  }

  static void answer(net::test_socket& caller, const script& says) {
    std::string bytes;
    while (true) {
      const auto more = caller.receive_some();
      if (more.empty()) return;
      bytes += more;
      for (words one = take(bytes); !one.empty(); one = take(bytes)) {
        const auto said = says(one);
        if (said.empty() || !caller.send(said)) return;
      }
    }
  }

  /// Takes one whole command off the front: an array of bulk strings, as clients send it.
  static words take(std::string& bytes) {
    std::size_t at = 0;
    const auto number = [&]() -> long {
      const auto end = bytes.find("\r\n", at);
      if (end == std::string::npos) return -1;
      const long read = std::stol(bytes.substr(at + 1, end - at - 1));
      at = end + 2;
      return read;
    };
    words all;
    for (auto left = number(); left > 0; --left) {
      const auto size = number();
      if (size < 0 || bytes.size() < at + static_cast<std::size_t>(size) + 2) return {};
      all.push_back(bytes.substr(at, static_cast<std::size_t>(size)));
      at += static_cast<std::size_t>(size) + 2;
    }
    if (!all.empty()) bytes.erase(0, at);
    return all;
  }

  std::atomic<bool> over_{false};
  net::test_listener listener_;
  std::thread thread_;
};

}  // namespace refrain::redis::testing
