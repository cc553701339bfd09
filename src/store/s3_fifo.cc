#include "store/s3_fifo.h"

#include <iterator>

namespace refrain::store {
namespace {

constexpr unsigned most_spared = 128;

}  // namespace

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
  // Where all are in use, a newcomer must not go through all of them.
  unsigned spared = 0;
  while (bytes() + fresh->cost > capacity_) {
    const bool from_main = !main_.members.empty() && small_.bytes <= small_capacity_;
    if (evict(from_main, spared < most_spared, left)) ++spared;
  }
  table_.insert(fresh.get());
  link(*fresh.release(), to_main);
}

void s3_fifo::remove(resident& one, evicted& left) {
  unlink(one);
  table_.erase(&one);
  left.add(one);
}

bool s3_fifo::evict(bool from_main, bool may_spare, evicted& left) {
  resident& oldest = queue_of(from_main).members.front();
  if (oldest.uses > 0 && may_spare) {
    unlink(oldest);
    oldest.uses = from_main ? oldest.uses - 1 : 0;
    link(oldest, true);
    return true;
  }
  if (!from_main) remember(oldest.digest().word(1));
  remove(oldest, left);
  ++evictions_;
  return false;
}

void s3_fifo::begin(walk& one) {
  one = {};
  one.left_ = 2 * entries() + 1;
  if (!small_.members.empty()) one.next_ = &small_.members.front();
  walks_.push_back(&one);
}

void s3_fifo::turn_to_main(walk& one) {
  one.in_main_ = true;
  if (!main_.members.empty()) one.next_ = &main_.members.front();
}

bool s3_fifo::end(walk& one) {
  std::erase(walks_, &one);
  return false;
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
  for (walk* const each : walks_) {
    if (each->next_ == &one) each->next_ = newer_than(one);
  }
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
