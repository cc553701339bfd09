#include "semantic/index_shelf.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace refrain::semantic {
namespace {

/// The vector that a thread searches for, as the graph's distances know it.
thread_local const packed_vector* asked_for = nullptr;

/// Containers, the record and its place, beside text and vector.
constexpr std::int64_t overhead = sizeof(record) + 200;

std::int64_t bytes_of(const record& one, std::size_t width) {
  return overhead + static_cast<std::int64_t>(one.text.size() + width + vector_graph::bytes_each);
}

bool is_over(const record& one, base::sys_seconds now) {
  return one.ttl > std::chrono::seconds{0} && now - one.stored_at >= one.ttl;
}

}  // namespace

const std::int8_t* index::shelf::row(slot at) const noexcept {
  return at == vector_graph::asked ? asked_for->values.data() : rows_.data() + at * width_;
}

float index::shelf::scale(slot at) const noexcept { return at == vector_graph::asked ? asked_for->scale : scales_[at]; }

float index::shelf::cosine(slot one, slot other) const noexcept {
  return static_cast<float>(dot(row(one), row(other), width_)) * scale(one) * scale(other);
}

index::shelf::slot index::shelf::free_slot() {
  if (!free_.empty()) {
    const auto at = free_.back();
    free_.pop_back();
    return at;
  }
  records_.emplace_back();
  scales_.emplace_back();
  rows_.resize(rows_.size() + width_);
  return static_cast<slot>(records_.size() - 1);
}

std::int64_t index::shelf::insert(record fresh, const packed_vector& vector) {
  const std::unique_lock guard{mutex_};
  if (fresh.about && last_labels_ && *fresh.about == *last_labels_) fresh.about = last_labels_;
  last_labels_ = fresh.about;
  std::int64_t more = bytes_of(fresh, width_);
  const auto [known, is_new] = slots_.try_emplace(fresh.entry);
  if (is_new) {
    known->second = free_slot();
  } else {
    more -= bytes_of(*records_[known->second], width_);
  }
  const auto at = known->second;
  records_[at] = std::make_shared<const record>(std::move(fresh));
  scales_[at] = vector.scale;
  std::ranges::copy(vector.values, rows_.begin() + static_cast<std::ptrdiff_t>(at * width_));
  index_slot(at);
  return more;
}

void index::shelf::index_slot(slot at) {
  if (!graph_ && slots_.size() >= graph_from_) return build_graph();
  if (graph_ && !graph_->insert(at)) graph_.reset();
}

void index::shelf::build_graph() {
  graph_ = std::make_unique<vector_graph>([this](slot one, slot other) { return 1 - cosine(one, other); });
  for (slot at = 0; at < records_.size(); ++at) {
    if (records_[at] && !graph_->insert(at)) return graph_.reset();
  }
}

std::int64_t index::shelf::erase(const base::digest256& entry) {
  const std::unique_lock guard{mutex_};
  const auto known = slots_.find(entry);
  if (known == slots_.end()) return 0;
  const auto at = known->second;
  const auto freed = bytes_of(*records_[at], width_);
  records_[at] = nullptr;
  if (graph_) graph_->erase(at);
  free_.push_back(at);
  slots_.erase(known);
  return -freed;
}

/// Slots that may be among the nearest; all of them where there is no graph.
std::vector<index::shelf::slot> index::shelf::candidates(std::size_t most) const {
  // Some of them may be past their time.
  if (graph_) return graph_->nearest(2 * most + 8);
  std::vector<slot> all(records_.size());
  for (slot at = 0; at < all.size(); ++at) all[at] = at;
  return all;
}

std::vector<index::neighbour> index::shelf::nearest(const packed_vector& vector, std::size_t most,
                                                    base::sys_seconds now) const {
  const std::shared_lock guard{mutex_};
  asked_for = &vector;
  std::vector<std::pair<float, slot>> near;
  for (const auto at : candidates(most)) {
    if (records_[at] && !is_over(*records_[at], now)) near.emplace_back(cosine(vector_graph::asked, at), at);
  }
  const auto count = std::min(most, near.size());
  std::ranges::partial_sort(near, near.begin() + static_cast<std::ptrdiff_t>(count), std::greater{});
  near.resize(count);
  std::vector<neighbour> found;
  for (const auto& [score, at] : near) found.push_back({.stored = records_[at], .cosine = score});
  return found;
}

void index::shelf::each(const std::function<void(const record&)>& visit) const {
  const std::shared_lock guard{mutex_};
  for (const auto& one : records_) {
    if (one) visit(*one);
  }
}

bool index::shelf::empty() const {
  const std::shared_lock guard{mutex_};
  return slots_.empty();
}

}  // namespace refrain::semantic
