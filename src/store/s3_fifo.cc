#include "store/s3_fifo.h"

#include <iterator>

namespace refrain::store {

s3_fifo::s3_fifo(std::uint64_t capacity) : capacity_(capacity), small_capacity_(capacity / 10) {}

s3_fifo::~s3_fifo() {
  for (queue* const each : {&small_, &main_}) each->members.clear_and_dispose(std::default_delete<resident>{});
}

resident* s3_fifo::find(const base::digest256& digest) const {
  const auto place = table_.find(digest);
  return place == table_.end() ? nullptr : *place;
}

void s3_fifo::insert(std::unique_ptr<resident> fresh, evicted& left) {
  const std::uint64_t mark = fresh->digest().word(1);
  bool to_main = recall(mark) || fresh->cost > small_capacity_;
  if (resident* old = find(fresh->digest())) {
    // Its place was earned under this digest.
    to_main = to_main || old->in_main;
    fresh->uses = old->uses;
    remove(*old, left);
  }
  while (bytes() + fresh->cost > capacity_) {
    const bool from_main = !main_.members.empty() && small_.bytes <= small_capacity_;
    evict(from_main, left);
  }
  table_.insert(fresh.get());
  link(*fresh.release(), to_main);
}

void s3_fifo::remove(resident& one, evicted& left) {
  unlink(one);
  table_.erase(&one);
  left.add(one);
}

void s3_fifo::evict(bool from_main, evicted& left) {
  resident& oldest = queue_of(from_main).members.front();
  if (oldest.uses > 0) {
    unlink(oldest);
    oldest.uses = from_main ? oldest.uses - 1 : 0;
    link(oldest, true);
    return;
  }
  if (!from_main) remember(oldest.digest().word(1));
  remove(oldest, left);
  ++evictions_;
}

resident* s3_fifo::newer_than(resident& one) noexcept {
  auto& members = queue_of(one.in_main).members;
  const auto next = std::next(members.iterator_to(one));
  return next == members.end() ? nullptr : &*next;
}

void s3_fifo::link(resident& one, bool in_main) noexcept {
  queue& to = queue_of(in_main);
  one.in_main = in_main;
  to.members.push_back(one);
  to.bytes += one.cost;
  bytes_by_type_[static_cast<std::size_t>(one.what->about.id.type)] += one.cost;
}

void s3_fifo::unlink(resident& one) noexcept {
  if (hand_ == &one) hand_ = newer_than(one);
  queue& from = queue_of(one.in_main);
  from.members.erase(from.members.iterator_to(one));
  from.bytes -= one.cost;
  bytes_by_type_[static_cast<std::size_t>(one.what->about.id.type)] -= one.cost;
}

void s3_fifo::remember(std::uint64_t mark) {
  ghosts_.push_back(mark);
  ghost_set_.insert(mark);
  while (ghosts_.size() > table_.size()) {
    ghost_set_.erase(ghosts_.front());
    ghosts_.pop_front();
  }
}

bool s3_fifo::recall(std::uint64_t mark) { return ghost_set_.erase(mark) > 0; }

}  // namespace refrain::store
