#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "net/async.h"

namespace refrain::net {

class deadline;

/// The time limits of one loop. They share one coarse timer, because most are armed for each request and nearly none
/// ever falls due: arming must cost no more than a store.
class deadlines {
 public:
  /// How late a deadline may fall due.
  static constexpr std::chrono::milliseconds grain{50};

  explicit deadlines(executor where);
  ~deadlines();
  deadlines(const deadlines&) = delete;
  deadlines& operator=(const deadlines&) = delete;

  /// Nothing falls due any more: for a loop that ends, whose timer must go before it.
  void close() noexcept;

 private:
  friend class deadline;
  struct ticker;

  void add(deadline& one);
  void remove(deadline& one) noexcept;
  void tick();
  void schedule();

  std::vector<deadline*> armed_;
  std::unique_ptr<ticker> ticker_;
  bool ticking_ = false;
};

/// One time limit. Used on its loop's thread.
class deadline {
 public:
  /// `expire` runs on the loop when an armed deadline falls due; it is disarmed by then.
  deadline(deadlines& all, std::function<void()> expire) : all_(all), expire_(std::move(expire)) {}
  ~deadline() { disarm(); }
  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;

  /// (Re)starts it.
  void arm(std::chrono::milliseconds from_now);
  void disarm() noexcept;
  [[nodiscard]] bool armed() const noexcept { return index_ != not_armed; }

 private:
  friend class deadlines;
  static constexpr std::size_t not_armed = static_cast<std::size_t>(-1);

  deadlines& all_;
  std::function<void()> expire_;
  std::chrono::steady_clock::time_point due_;
  std::size_t index_ = not_armed;
};

}  // namespace refrain::net
