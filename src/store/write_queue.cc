#include "store/write_queue.h"

namespace refrain::store {
namespace {

constexpr std::uint64_t order_overhead = 128;

}  // namespace

std::uint64_t write_queue::cost_of(const write_order& order) {
  if (const auto* put = std::get_if<put_entry>(&order)) return order_overhead + put->fresh->memory();
  if (const auto* add = std::get_if<add_counters>(&order)) return order_overhead * (1 + add->deltas.size());
  return order_overhead;
}

bool write_queue::add(write_order order) {
  const std::uint64_t cost = cost_of(order);
  {
    const std::scoped_lock lock(mutex_);
    if (closed_ || stopped_ || bytes_ + cost > most_bytes_) {
      ++dropped_;
      return false;
    }
    if (const auto* put = std::get_if<put_entry>(&order)) pending_[put->fresh->about.id.digest] = put->fresh;
    if (const auto* erase = std::get_if<erase_entry>(&order); erase != nullptr && !erase->checksum) {
      pending_.erase(erase->digest);
    }
    bytes_ += cost;
    ++added_;
    waiting_.push_back(std::move(order));
    // In between the writer lingers: waking it for each order would cost more than the order.
    if (waiting_.size() > 1 && bytes_ < batch_bytes_) return true;
  }
  work_.notify_one();
  return true;
}

entry::entry_ptr write_queue::pending(const base::digest256& digest) const {
  const std::scoped_lock lock(mutex_);
  const auto found = pending_.find(digest);
  return found == pending_.end() ? nullptr : found->second;
}

std::vector<write_order> write_queue::take(std::chrono::milliseconds wait, std::chrono::milliseconds linger) {
  std::unique_lock lock(mutex_);
  work_.wait_for(lock, wait, [this] { return !waiting_.empty() || flushing_ > 0 || stopped_; });
  if (!waiting_.empty()) {
    work_.wait_for(lock, linger, [&] { return bytes_ >= batch_bytes_ || flushing_ > 0 || stopped_; });
  }
  std::vector<write_order> orders;
  std::uint64_t taken = 0;
  while (!waiting_.empty()) {
    const std::uint64_t cost = cost_of(waiting_.front());
    if (!orders.empty() && taken + cost > batch_bytes_) break;
    taken += cost;
    orders.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return orders;
}

void write_queue::forget_pending(const put_entry& order) {
  const auto found = pending_.find(order.fresh->about.id.digest);
  if (found != pending_.end() && found->second == order.fresh) pending_.erase(found);
}

void write_queue::done(const std::vector<write_order>& orders, std::uint64_t dropped) {
  const std::scoped_lock lock(mutex_);
  for (const auto& order : orders) {
    bytes_ -= cost_of(order);
    if (const auto* put = std::get_if<put_entry>(&order)) forget_pending(*put);
  }
  dropped_ += dropped;
  done_ += orders.size();
}

bool write_queue::flush(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  ++flushing_;
  work_.notify_one();
  // The round under way may have looked at its other duties already: the one after it is whole.
  const std::uint64_t whole = rounds_ + 2;
  const std::uint64_t before = added_;
  const bool reached =
      progress_.wait_for(lock, most, [&] { return stopped_ || (done_ >= before && rounds_ >= whole); });
  --flushing_;
  return reached;
}

bool write_queue::flush_wanted() const {
  const std::scoped_lock lock(mutex_);
  return flushing_ > 0;
}

void write_queue::round_over() {
  {
    const std::scoped_lock lock(mutex_);
    ++rounds_;
  }
  progress_.notify_all();
}

void write_queue::close(bool closed) {
  const std::scoped_lock lock(mutex_);
  closed_ = closed;
}

void write_queue::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  work_.notify_all();
  progress_.notify_all();
}

bool write_queue::stopped() const {
  const std::scoped_lock lock(mutex_);
  return stopped_ && waiting_.empty();
}

std::uint64_t write_queue::dropped() const {
  const std::scoped_lock lock(mutex_);
  return dropped_;
}

}  // namespace refrain::store
