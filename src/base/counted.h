#pragma once

#include <atomic>

namespace refrain::base {

/// Counts for the time it lives: how many of something there are at this moment.
class counted {
 public:
  explicit counted(std::atomic<unsigned>& count) : count_(count) { ++count_; }
  ~counted() { --count_; }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;

 private:
  std::atomic<unsigned>& count_;
};

}  // namespace refrain::base
