#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace refrain::tests {

/// Clients that keep asking a gateway for chat answers until they are told to leave: popular prompts most (Zipf's law),
/// plain and streamed, and now and then for a new answer, so that something is always being written. Each has a thread
/// and a connection of its own, and takes a breath between an answer and its next question. Any thread may ask it
/// things.
class crowd {
 public:
  struct habits {
    unsigned clients = 20;
    int prompts = 100;  ///< "prompt 0" and so on
    /// Without one the crowd would have the machine for itself, and servers that hear nothing of each other for a
    /// second think each other dead.
    std::chrono::milliseconds breath{50};
    std::uint64_t seed = 1;
  };
  /// What has come of their requests.
  struct tally {
    std::uint64_t answered = 0;  ///< with 200 and a whole body that proves the request
    std::uint64_t hits = 0;      ///< of these
    std::uint64_t failed = 0;    ///< all else
    std::string first_failure{};

    [[nodiscard]] std::string story() const;
  };

  crowd(std::uint16_t port, habits how);
  ~crowd();
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;

  [[nodiscard]] tally so_far() const;
  /// Waits until each has its last answer.
  tally leave();

 private:
  struct parts;

  std::unique_ptr<parts> parts_;
};

}  // namespace refrain::tests
