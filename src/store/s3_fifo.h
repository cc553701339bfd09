#pragma once

#include <array>
#include <boost/intrusive/list.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "entry/entry.h"

namespace refrain::store {

/// An entry in a queue of s3_fifo.
struct resident : boost::intrusive::list_base_hook<> {
  entry::entry_ptr what;
  std::uint64_t cost = 0;            ///< bytes it is charged with
  base::sys_seconds gone_at{};       ///< past its TTL and the time it is kept for stale serving
  base::sys_seconds tell_use_at{};   ///< the tier below has heard of a use so recently that it need not before then
  std::uint64_t alive_at_purge = 0;  ///< no purge record up to this number kills it
  std::uint32_t epoch = 0;           ///< of near_cache, when it came
  std::uint8_t uses = 0;             ///< since it entered its queue, at most 3
  bool in_main = false;

  [[nodiscard]] const base::digest256& digest() const noexcept { return what->about.id.digest; }
};

/// Residents that have left, to be freed outside the lock under which they left.
class evicted {
 public:
  evicted() = default;
  ~evicted() { all_.clear_and_dispose(std::default_delete<resident>{}); }
  evicted(const evicted&) = delete;
  evicted& operator=(const evicted&) = delete;

  void add(resident& one) noexcept { all_.push_back(one); }
  [[nodiscard]] std::uint64_t count() const noexcept { return all_.size(); }

 private:
  boost::intrusive::list<resident> all_;
};

/// Entries under a bound of bytes, evicted by S3-FIFO (Yang et al., "FIFO queues are all you need for cache eviction",
/// SOSP 2023): a newcomer waits in a small queue; asked for again there, it moves to the main queue, else it leaves and
/// only its digest is remembered for a while; who comes back meanwhile goes to the main queue at once. So a scan of
/// entries that nobody asks for twice passes through the small queue alone.
///
/// Not for several threads: memory_store locks around it.
class s3_fifo {
 public:
  /// Charged for each entry beyond its own bytes: node, table slot, remembered digest, allocator.
  static constexpr std::uint64_t overhead = 192;

  explicit s3_fifo(std::uint64_t capacity);
  ~s3_fifo();
  s3_fifo(const s3_fifo&) = delete;
  s3_fifo& operator=(const s3_fifo&) = delete;

  [[nodiscard]] static std::uint64_t cost_of(const entry::entry& one) noexcept { return one.memory() + overhead; }
  /// One entry must not push out most of the others.
  [[nodiscard]] bool takes(std::uint64_t cost) const noexcept { return cost <= capacity_ / 4; }

  /// nullptr where it is not there.
  [[nodiscard]] resident* find(const base::digest256& digest) const;
  static void used(resident& one) noexcept { one.uses = one.uses < 3 ? one.uses + 1 : 3; }

  /// Replaces what has the same digest; evicts what is in its way. The newcomer's cost must pass takes().
  void insert(std::unique_ptr<resident> fresh, evicted& left);
  void remove(resident& one, evicted& left);

  /// The next `count` residents in a round through all of them: those for which `gone` holds are removed.
  template <class F>
  void sweep(unsigned count, F gone, evicted& left) {
    for (unsigned i = 0; i < count && !table_.empty(); ++i) {
      if (hand_ == nullptr) {
        hand_in_main_ = !hand_in_main_;
        auto& members = queue_of(hand_in_main_).members;
        hand_ = members.empty() ? nullptr : &members.front();
        continue;
      }
      resident& one = *hand_;
      hand_ = newer_than(one);
      if (gone(one)) remove(one, left);
    }
  }

  /// A walk through all residents that is taken in steps, between which others may come, go and move: those are seen
  /// or not, some twice. From `begin` on it stays where it is until a step has said that it is over.
  class walk {
    friend class s3_fifo;
    resident* next_ = nullptr;
    bool in_main_ = false;
    std::uint64_t left_ = 0;  ///< so that nobody walks behind what moves for ever
  };
  void begin(walk& one);
  /// Goes on by `count` residents at most: those for which `gone` holds are removed. False at the end.
  template <class F>
  bool step(walk& one, unsigned count, F gone, evicted& left) {
    for (; count > 0; --count) {
      if (one.next_ == nullptr && !one.in_main_) turn_to_main(one);
      if (one.next_ == nullptr || one.left_-- == 0) return end(one);
      resident& here = *one.next_;
      one.next_ = newer_than(here);
      if (gone(here)) remove(here, left);
    }
    return true;
  }

  [[nodiscard]] std::uint64_t bytes() const noexcept { return small_.bytes + main_.bytes; }
  /// By entry::cache_type.
  [[nodiscard]] const std::array<std::uint64_t, entry::cache_type_count>& bytes_by_type() const noexcept {
    return bytes_by_type_;
  }
  [[nodiscard]] std::uint64_t entries() const noexcept { return table_.size(); }
  [[nodiscard]] std::uint64_t evictions() const noexcept { return evictions_; }

 private:
  struct queue {
    boost::intrusive::list<resident, boost::intrusive::constant_time_size<false>> members;  ///< oldest first
    std::uint64_t bytes = 0;
  };

  // Digests are uniform: a word of them is hash enough.
  struct by_digest {
    using is_transparent = void;
    using is_avalanching = void;
    std::size_t operator()(const base::digest256& digest) const noexcept { return digest.word(1); }
    std::size_t operator()(const resident* one) const noexcept { return one->digest().word(1); }
  };
  struct same_digest {
    using is_transparent = void;
    bool operator()(const resident* a, const resident* b) const noexcept { return a->digest() == b->digest(); }
    bool operator()(const base::digest256& a, const resident* b) const noexcept { return a == b->digest(); }
    bool operator()(const resident* a, const base::digest256& b) const noexcept { return a->digest() == b; }
  };

  void turn_to_main(walk& one);
  bool end(walk& one);
  [[nodiscard]] queue& queue_of(bool in_main) noexcept { return in_main ? main_ : small_; }
  /// The next of its queue; nullptr for the newest.
  [[nodiscard]] resident* newer_than(resident& one) noexcept;
  void link(resident& one, bool in_main) noexcept;
  void unlink(resident& one) noexcept;
  /// The oldest of a queue leaves it, unless it was used and may be spared: then it goes to the end of the main queue.
  /// Whether it was spared.
  bool evict(bool from_main, bool may_spare, evicted& left);
  void remember(std::uint64_t mark);
  [[nodiscard]] bool recall(std::uint64_t mark);

  const std::uint64_t capacity_;
  const std::uint64_t small_capacity_;
  queue small_;
  queue main_;
  std::array<std::uint64_t, entry::cache_type_count> bytes_by_type_{};
  boost::unordered_flat_set<resident*, by_digest, same_digest> table_;
  std::deque<std::uint64_t> ghosts_;  ///< of those that left the small queue, oldest first; no more than residents
  boost::unordered_flat_set<std::uint64_t> ghost_set_;
  std::vector<walk*> walks_;  ///< that are under way
  resident* hand_ = nullptr;  ///< where the sweep goes on
  bool hand_in_main_ = false;
  std::uint64_t evictions_ = 0;
};

}  // namespace refrain::store
