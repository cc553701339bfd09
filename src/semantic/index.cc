#include "semantic/index.h"

#include <mutex>
#include <utility>

#include "semantic/index_shelf.h"

namespace refrain::semantic {

index::index(std::size_t width, index_options options) : width_(width), options_(options) {}
index::~index() = default;

std::shared_ptr<index::shelf> index::find(const base::digest256& partition) const {
  const std::shared_lock guard{mutex_};
  const auto known = shelves_.find(partition);
  return known == shelves_.end() ? nullptr : known->second;
}

/// Notes where an entry's record goes, and that it is the youngest.
std::shared_ptr<index::shelf> index::enter(const base::digest256& partition, const base::digest256& entry) {
  const std::unique_lock guard{mutex_};
  auto& there = shelves_[partition];
  if (!there) there = std::make_shared<shelf>(width_, options_.graph_from);
  places_[entry] = {.partition = partition, .where = there, .number = ++inserts_};
  order_.emplace_back(entry, inserts_);
  return there;
}

void index::insert(record fresh, const packed_vector& vector) {
  const auto there = enter(fresh.partition, fresh.entry);
  bytes_ += static_cast<std::uint64_t>(there->insert(std::move(fresh), vector));
  make_room();
}

void index::make_room() {
  while (const auto oldest = next_to_go()) erase(*oldest);
}

/// The oldest record, where there is no room for all.
std::optional<base::digest256> index::next_to_go() {
  const std::unique_lock guard{mutex_};
  // Records that were replaced or erased leave their numbers behind.
  const auto is_gone = [this](const std::pair<base::digest256, std::uint64_t>& one) {
    const auto known = places_.find(one.first);
    return known == places_.end() || known->second.number != one.second;
  };
  if (order_.size() > 2 * places_.size() + 1024) std::erase_if(order_, is_gone);
  if (bytes_ <= options_.most_bytes || places_.size() <= 1) return std::nullopt;
  while (is_gone(order_.front())) order_.pop_front();
  const auto oldest = order_.front().first;
  order_.pop_front();
  return oldest;
}

void index::erase(const base::digest256& entry) {
  const std::unique_lock guard{mutex_};
  const auto known = places_.find(entry);
  if (known == places_.end()) return;
  const auto place = std::move(known->second);
  places_.erase(known);
  bytes_ += static_cast<std::uint64_t>(place.where->erase(entry));
  if (place.where->empty()) shelves_.erase(place.partition);
}

void index::erase_if(const std::function<bool(const record&)>& is_dead) {
  std::vector<std::shared_ptr<shelf>> all;
  {
    const std::shared_lock guard{mutex_};
    for (const auto& [partition, one] : shelves_) all.push_back(one);
  }
  std::vector<base::digest256> dead;
  for (const auto& one : all) {
    one->each([&](const record& stored) {
      if (is_dead(stored)) dead.push_back(stored.entry);
    });
  }
  for (const auto& entry : dead) erase(entry);
}

bool index::has(const base::digest256& partition) const { return find(partition) != nullptr; }

std::vector<index::neighbour> index::nearest(const base::digest256& partition, std::span<const float> vector,
                                             std::size_t most, base::sys_seconds now) const {
  const auto there = find(partition);
  return there && vector.size() == width_ ? there->nearest(pack(vector), most, now) : std::vector<neighbour>{};
}

std::size_t index::size() const {
  const std::shared_lock guard{mutex_};
  return places_.size();
}

std::size_t index::partitions() const {
  const std::shared_lock guard{mutex_};
  return shelves_.size();
}

}  // namespace refrain::semantic
