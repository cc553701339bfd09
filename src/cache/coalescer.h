#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/digest.h"
#include "entry/entry.h"
#include "entry/recording.h"

namespace refrain::cache {

/// An upstream call under way, which identical requests may join.
struct fill {
  std::string id;       ///< 16 hex digits: the entry will carry it
  base::digest256 key;  ///< with the tenant in it: joining never crosses tenants
  entry::wire_form form = entry::wire_form::plain;
  bool usage_asked = false;        ///< streams: the upstream reports usage
  std::uint64_t purge_number = 0;  ///< the purge record current when the call began
  base::digest256 credential;      ///< of the account that pays: an upstream's refusal concerns this account alone
  std::shared_ptr<entry::recording> recording;
  // Written before the recording is complete, to be read after.
  std::optional<entry::micro_usd> cost;  ///< of the call, where it is known
  bool stored = false;                   ///< the answer has become an entry, which the store took
  entry::entry_ptr made;  ///< of an item of a list: the entry of it. Written before the recording has its head
};

/// Finds the call that a request may join: one upstream call per key and node (docs/reliability.md). Sharded; any
/// thread.
class coalescer {
 public:
  /// What a request needs of a call that it would join.
  struct need {
    entry::wire_form form = entry::wire_form::plain;
    bool wants_usage = false;        ///< a stream that must show the usage event
    std::uint64_t purge_number = 0;  ///< the purge record current now
  };

  /// A reader of the call under way, or of `mine`, which is then under way for others to join: exactly one of all who
  /// ask at once leads. A plain request may join a streamed call, never the reverse, as a stream must not wait for a
  /// whole body; what needs usage joins only where the upstream was asked for it; nobody joins a call that began before
  /// the last purge, whatever that selected: the purge may have invalidated its answer.
  struct membership {
    std::shared_ptr<fill> joined;
    std::shared_ptr<entry::recording::reader> reader;
    bool leads = false;
  };
  [[nodiscard]] membership join_or_lead(const std::shared_ptr<fill>& mine, const need& wanted);

  /// The call takes no more joiners: it is stored, or refused, or has failed. Safe to repeat.
  void end(const fill& one);

  /// Calls under way.
  [[nodiscard]] std::size_t size() const;

 private:
  struct shard {
    mutable std::mutex mutex;
    std::unordered_multimap<base::digest256, std::shared_ptr<fill>> under_way;  ///< guarded by mutex
  };
  static constexpr std::size_t shard_count = 64;

  [[nodiscard]] shard& shard_of(const base::digest256& key) noexcept { return shards_[key.word(1) % shard_count]; }

  std::array<shard, shard_count> shards_;
};

}  // namespace refrain::cache
