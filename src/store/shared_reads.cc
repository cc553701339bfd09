#include "store/shared_reads.h"

#include <mutex>
#include <unordered_map>

namespace refrain::store {
namespace {

/// Digests are uniform: a word of them is hash enough.
struct by_digest {
  std::size_t operator()(const entry::entry_id& id) const noexcept { return id.digest.word(1); }
};

}  // namespace

struct shared_reads::part::read {
  entry::entry_id id;
  near_cache::mark began;
  net::signal ended{};
  bool over = false;              ///< guarded by the shard's mutex, as is found
  std::optional<answer> found{};  ///< nothing where the leader has gone
};

struct shared_reads::shard {
  std::mutex mutex;
  std::unordered_map<entry::entry_id, std::shared_ptr<part::read>, by_digest> reads;  ///< guarded by mutex
};

shared_reads::shared_reads() : shards_(std::make_shared<std::array<shard, shard_count>>()) {}

shared_reads::part shared_reads::join(const entry::entry_id& id, near_cache::mark now) {
  const std::shared_ptr<shard> home{shards_, &(*shards_)[id.digest.bytes[0] % shard_count]};
  const std::lock_guard guard{home->mutex};
  auto& under_way = home->reads[id];
  if (under_way != nullptr && under_way->began == now) return {home, under_way, false};
  under_way = std::make_shared<part::read>(id, now);
  return {home, under_way, true};
}

shared_reads::part::~part() {
  if (read_ != nullptr && leads_) end(std::nullopt);
}

void shared_reads::part::finish(const answer& found) {
  const bool gave_up = !found && found.error().code == base::errc::cancelled;
  end(gave_up ? std::nullopt : std::optional{found});
}

void shared_reads::part::end(std::optional<answer> found) {
  {
    const std::lock_guard guard{home_->mutex};
    if (std::exchange(read_->over, true)) return;
    read_->found = std::move(found);
    // Another may have taken its place, where something had changed since it began.
    const auto at = home_->reads.find(read_->id);
    if (at != home_->reads.end() && at->second == read_) home_->reads.erase(at);
  }
  read_->ended.raise();
}

net::task<std::optional<shared_reads::answer>> shared_reads::part::wait() {
  while (true) {
    const auto seen = read_->ended.version();
    {
      const std::lock_guard guard{home_->mutex};
      if (read_->over) co_return read_->found;
    }
    co_await read_->ended.wait_past(seen);
  }
}

}  // namespace refrain::store
