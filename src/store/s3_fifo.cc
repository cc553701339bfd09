#include "store/s3_fifo.h"

namespace refrain::store {

evicted::~evicted() {
  while (first_ != nullptr) {
    const std::unique_ptr<resident> next{first_};
    first_ = next->older;
  }
}

void evicted::add(resident* one) noexcept {
  one->older = first_;
  first_ = one;
  ++count_;
}

s3_fifo::s3_fifo(std::uint64_t capacity) : capacity_(capacity), small_capacity_(capacity / 10) {}

s3_fifo::~s3_fifo() {
  for (resident* one : table_) delete one;
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
    if (main_.oldest == nullptr || small_.bytes > small_capacity_)
      evict_from_small(left);
    else
      evict_from_main(left);
  }
  table_.insert(fresh.get());
  link(*fresh.release(), to_main);
}

void s3_fifo::remove(resident& one, evicted& left) {
  unlink(one);
  table_.erase(&one);
  left.add(&one);
}

void s3_fifo::evict_from_small(evicted& left) {
  resident& oldest = *small_.oldest;
  if (oldest.uses > 0) {
    unlink(oldest);
    oldest.uses = 0;
    link(oldest, true);
    return;
  }
  remember(oldest.digest().word(1));
  remove(oldest, left);
  ++evictions_;
}

void s3_fifo::evict_from_main(evicted& left) {
  resident& oldest = *main_.oldest;
  if (oldest.uses > 0) {
    unlink(oldest);
    --oldest.uses;
    link(oldest, true);
    return;
  }
  remove(oldest, left);
  ++evictions_;
}

void s3_fifo::link(resident& one, bool in_main) noexcept {
  queue& to = queue_of(in_main);
  one.in_main = in_main;
  one.newer = nullptr;
  one.older = to.newest;
  if (to.newest != nullptr)
    to.newest->newer = &one;
  else
    to.oldest = &one;
  to.newest = &one;
  to.bytes += one.cost;
  bytes_by_type_[static_cast<std::size_t>(one.what->about.id.type)] += one.cost;
}

void s3_fifo::unlink(resident& one) noexcept {
  if (hand_ == &one) hand_ = one.newer;
  queue& from = queue_of(one.in_main);
  if (one.newer != nullptr)
    one.newer->older = one.older;
  else
    from.newest = one.older;
  if (one.older != nullptr)
    one.older->newer = one.newer;
  else
    from.oldest = one.newer;
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
