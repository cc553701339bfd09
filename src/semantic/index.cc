#include "semantic/index.h"

#include <utility>

#include "semantic/index_shelf.h"

namespace refrain::semantic {
namespace {

/// What containers take beside text and vector: places, turns, slots, the graph's links.
constexpr std::uint64_t record_overhead = sizeof(record) + 350 + vector_graph::bytes_each;
constexpr std::uint64_t shelf_overhead = 700;

std::uint64_t bytes_of(const record& one, std::size_t width) { return record_overhead + one.text.size() + width; }

}  // namespace

index::index(std::size_t width, index_options options) : width_(width), options_(options) {}
index::~index() = default;

std::shared_ptr<index::shelf> index::find(const base::digest256& partition) const {
  const std::shared_lock guard{mutex_};
  const auto known = shelves_.find(partition);
  return known == shelves_.end() ? nullptr : known->second;
}

std::shared_ptr<index::shelf> index::find_or_add(const base::digest256& partition) {
  if (auto known = find(partition)) return known;
  auto made = std::make_shared<shelf>(width_, options_.graph_from);
  bytes_ += shelf_overhead;
  const std::unique_lock guard{mutex_};
  shelves_.emplace(partition, made);
  return made;
}

std::shared_ptr<const labels> index::shared(std::shared_ptr<const labels> about) {
  if (!about) return about;
  if (labels_.size() > 2 * labels_in_use_ + 64) {
    std::erase_if(labels_, [](const auto& one) { return one.use_count() == 1; });
    labels_in_use_ = labels_.size();
  }
  return *labels_.insert(std::move(about)).first;
}

void index::insert(record fresh, const packed_vector& vector) {
  if (vector.values.size() != width_) return;
  const std::lock_guard guard{changes_};
  if (const auto known = places_.find(fresh.entry); known != places_.end()) remove(known);
  fresh.about = shared(std::move(fresh.about));
  const auto what = std::make_shared<const record>(std::move(fresh));
  const auto where = find_or_add(what->partition);
  where->insert(what, vector);
  places_.emplace(what->entry, place{.what = what, .where = where, .turn = turns_.insert(turns_.end(), what->entry)});
  bytes_ += bytes_of(*what, width_);
  while (bytes_ > options_.most_bytes && places_.size() > 1) remove(places_.find(turns_.front()));
}

void index::erase(const base::digest256& entry) {
  const std::lock_guard guard{changes_};
  if (const auto known = places_.find(entry); known != places_.end()) remove(known);
}

void index::remove(places::iterator known) {
  const auto [what, where, turn] = known->second;
  where->erase(what->entry);
  places_.erase(known);
  turns_.erase(turn);
  bytes_ -= bytes_of(*what, width_);
  if (!where->empty()) return;
  bytes_ -= shelf_overhead;
  const std::unique_lock guard{mutex_};
  shelves_.erase(what->partition);
}

void index::erase_if(const std::function<bool(const record&)>& is_dead) {
  std::vector<std::shared_ptr<shelf>> all;
  {
    const std::shared_lock guard{mutex_};
    for (const auto& [partition, one] : shelves_) all.push_back(one);
  }
  std::vector<std::shared_ptr<const record>> dead;
  for (const auto& one : all) {
    one->each([&](const std::shared_ptr<const record>& stored) {
      if (is_dead(*stored)) dead.push_back(stored);
    });
  }
  for (const auto& one : dead) {
    const std::lock_guard guard{changes_};
    const auto known = places_.find(one->entry);
    // What has come in its place since then may live.
    if (known != places_.end() && known->second.what == one) remove(known);
  }
}

bool index::has(const base::digest256& partition) const { return find(partition) != nullptr; }

std::vector<index::neighbour> index::nearest(const base::digest256& partition, std::span<const float> vector,
                                             std::size_t most, base::sys_seconds now) const {
  const auto there = find(partition);
  return there && vector.size() == width_ ? there->nearest(pack(vector), most, now) : std::vector<neighbour>{};
}

std::size_t index::size() const {
  const std::lock_guard guard{changes_};
  return places_.size();
}

std::size_t index::partitions() const {
  const std::shared_lock guard{mutex_};
  return shelves_.size();
}

}  // namespace refrain::semantic
