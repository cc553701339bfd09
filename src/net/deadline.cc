#include "net/deadline.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>

namespace refrain::net {

struct deadlines::ticker {
  explicit ticker(executor where) : timer(std::move(where)) {}
  asio::steady_timer timer;
};

deadlines::deadlines(executor where) : ticker_(std::make_unique<ticker>(std::move(where))) {}
deadlines::~deadlines() = default;

void deadlines::close() noexcept {
  ticker_.reset();
  ticking_ = true;
}

void deadlines::add(deadline& one) {
  one.index_ = armed_.size();
  armed_.push_back(&one);
  if (!ticking_) schedule();
}

void deadlines::remove(deadline& one) noexcept {
  armed_[one.index_] = armed_.back();
  armed_[one.index_]->index_ = one.index_;
  armed_.pop_back();
  one.index_ = deadline::not_armed;
}

void deadlines::schedule() {
  ticking_ = true;
  ticker_->timer.expires_after(grain);
  ticker_->timer.async_wait([this](boost::system::error_code fault) {
    if (!fault) tick();
  });
}

void deadlines::tick() {
  const auto now = std::chrono::steady_clock::now();
  // From the end on, because an expiry may arm, disarm or destroy others: what takes the place of one that is removed,
  // the last of all, has been looked at.
  for (auto left = armed_.size(); left > 0; left = std::min(left - 1, armed_.size())) {
    deadline& one = *armed_[left - 1];
    if (one.due_ > now) continue;
    remove(one);
    const auto expire = one.expire_;
    expire();
  }
  ticking_ = false;
  if (!armed_.empty()) schedule();
}

void deadline::arm(std::chrono::milliseconds from_now) {
  due_ = std::chrono::steady_clock::now() + from_now;
  if (!armed()) all_.add(*this);
}

void deadline::disarm() noexcept {
  if (armed()) all_.remove(*this);
}

}  // namespace refrain::net
