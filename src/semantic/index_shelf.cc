#include "semantic/index_shelf.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace refrain::semantic {
namespace {

/// The vector that a thread searches for, as the graph's distances know it.
thread_local const packed_vector* asked_for = nullptr;

constexpr std::size_t rows_of_block = 1'024;
/// Slots that each insert puts into a graph that does not have all yet: it is made without a long pause.
constexpr unsigned graph_step = 4;
/// So many slots may be free however few are taken.
constexpr std::size_t free_slots = 64;

bool is_over(const record& one, base::sys_seconds now) {
  return one.ttl > std::chrono::seconds{0} && now - one.stored_at >= one.ttl;
}

/// The best of all that are offered, so many at most.
class best_slots {
 public:
  using scored = std::pair<float, std::uint32_t>;
  explicit best_slots(std::size_t most) : most_(most) { all_.reserve(most + 1); }

  [[nodiscard]] bool wants(float score) const { return all_.size() < most_ || score > all_.front().first; }
  void add(float score, std::uint32_t at) {
    all_.emplace_back(score, at);
    std::ranges::push_heap(all_, std::greater{});
    if (all_.size() <= most_) return;
    std::ranges::pop_heap(all_, std::greater{});
    all_.pop_back();
  }
  [[nodiscard]] std::vector<scored> take() {
    std::ranges::sort_heap(all_, std::greater{});
    return std::move(all_);
  }

 private:
  std::size_t most_;
  std::vector<scored> all_;  ///< a heap: the least is in front
};

}  // namespace

const std::int8_t* index::shelf::row(slot at) const noexcept {
  return blocks_[at / rows_of_block].data() + at % rows_of_block * width_;
}

std::int8_t* index::shelf::row(slot at) noexcept { return const_cast<std::int8_t*>(std::as_const(*this).row(at)); }

float index::shelf::cosine(slot at, const packed_vector& vector) const noexcept {
  return static_cast<float>(dot(row(at), vector.values.data(), width_)) * scales_[at] * vector.scale;
}

float index::shelf::between(slot one, slot other) const noexcept {
  if (one == vector_graph::asked) return 1 - cosine(other, *asked_for);
  return 1 - static_cast<float>(dot(row(one), row(other), width_)) * scales_[one] * scales_[other];
}

index::shelf::slot index::shelf::free_slot() {
  if (!free_.empty()) {
    const auto at = free_.back();
    free_.pop_back();
    return at;
  }
  const auto at = static_cast<slot>(records_.size());
  if (at % rows_of_block == 0) {
    blocks_.emplace_back();
    if (at > 0) blocks_.back().reserve(rows_of_block * width_);
  }
  blocks_.back().resize(blocks_.back().size() + width_);
  scales_.emplace_back();
  records_.emplace_back();
  return at;
}

/// Whether the slot had another vector before.
bool index::shelf::put(slot at, const packed_vector& vector) {
  const bool is_other = scales_[at] != vector.scale || !std::equal(vector.values.begin(), vector.values.end(), row(at));
  scales_[at] = vector.scale;
  std::ranges::copy(vector.values, row(at));
  return is_other;
}

void index::shelf::insert(std::shared_ptr<const record> fresh, const packed_vector& vector) {
  const std::unique_lock guard{mutex_};
  const auto at = free_slot();
  slots_[fresh->entry] = at;
  records_[at] = std::move(fresh);
  grow_graph(at, put(at, vector));
}

void index::shelf::grow_graph(slot changed, bool has_moved) {
  if (!graph_ && slots_.size() < graph_from_) return;
  if (!graph_) graph_ = std::make_unique<vector_graph>(*this);
  bool fits = true;
  if (changed < in_graph_) fits = has_moved ? graph_->insert(changed) : graph_->restore(changed);
  for (unsigned i = 0; fits && i < graph_step && in_graph_ < records_.size(); ++in_graph_, ++i) {
    if (records_[in_graph_]) fits = graph_->insert(in_graph_);
  }
  if (fits) return;
  graph_.reset();
  in_graph_ = 0;
}

void index::shelf::erase(const base::digest256& entry) {
  const std::unique_lock guard{mutex_};
  const auto known = slots_.find(entry);
  const auto at = known->second;
  records_[at] = nullptr;
  if (graph_ && at < in_graph_) graph_->erase(at);
  free_.push_back(at);
  slots_.erase(known);
  if (free_.size() > 3 * slots_.size() + free_slots) close_up();
}

/// Moves all into the first slots, and gives back what the free ones took.
void index::shelf::close_up() {
  graph_.reset();
  in_graph_ = 0;
  slot to = 0;
  for (slot from = 0; from < records_.size(); ++from) {
    if (!records_[from]) continue;
    std::copy_n(row(from), width_, row(to));
    scales_[to] = scales_[from];
    slots_[records_[from]->entry] = to;
    records_[to++] = std::move(records_[from]);
  }
  free_ = {};
  records_.resize(to);
  scales_.resize(to);
  blocks_.resize((to + rows_of_block - 1) / rows_of_block);
  if (to % rows_of_block != 0) blocks_.back().resize(to % rows_of_block * width_);
}

std::vector<index::neighbour> index::shelf::nearest(const packed_vector& vector, std::size_t most,
                                                    base::sys_seconds now) const {
  if (most == 0) return {};
  const std::shared_lock guard{mutex_};
  best_slots best{most};
  const auto offer = [&](slot at) {
    const auto score = cosine(at, vector);
    if (best.wants(score) && records_[at] && !is_over(*records_[at], now)) best.add(score, at);
  };
  if (is_graph_whole()) {
    asked_for = &vector;
    // Some of them may be past their time.
    for (const auto at : graph_->nearest(2 * most + 8)) offer(at);
  } else {
    for (slot at = 0; at < records_.size(); ++at) offer(at);
  }
  std::vector<neighbour> found;
  for (const auto& [score, at] : best.take()) found.push_back({.stored = records_[at], .cosine = score});
  return found;
}

void index::shelf::each(const std::function<void(const std::shared_ptr<const record>&)>& visit) const {
  const std::shared_lock guard{mutex_};
  for (const auto& one : records_) {
    if (one) visit(one);
  }
}

bool index::shelf::empty() const {
  const std::shared_lock guard{mutex_};
  return slots_.empty();
}

}  // namespace refrain::semantic
