#pragma once

#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "base/result.h"
#include "entry/entry.h"
#include "net/signal.h"
#include "store/near_cache.h"

namespace refrain::store {

/// Reads below that are under way, so that whoever asks for the same entry meanwhile shares one. Any thread.
class shared_reads {
  struct shard;

 public:
  using answer = base::result<entry::entry_ptr>;

  /// A read under way, as one coroutine has it: it makes the read where it `leads`, and waits for the answer where it
  /// does not. A leader that goes without an answer, as its caller did not wait, leaves the read to those who share it.
  class part {
   public:
    part(part&&) noexcept = default;
    part& operator=(part&&) = delete;
    ~part();

    [[nodiscard]] bool leads() const noexcept { return leads_; }
    /// For the leader: what the read has come to.
    void finish(const answer& found);
    /// For others, each on its own loop: the answer, or nothing where the leader has gone and somebody is to begin
    /// anew.
    [[nodiscard]] net::task<std::optional<answer>> wait();

   private:
    friend class shared_reads;
    struct read;
    part(std::shared_ptr<shard> home, std::shared_ptr<read> one, bool leads)
        : home_(std::move(home)), read_(std::move(one)), leads_(leads) {}
    void end(std::optional<answer> found);

    std::shared_ptr<shard> home_;  ///< a coroutine may go with its loop, after the store
    std::shared_ptr<read> read_;
    bool leads_;
  };

  shared_reads();

  /// A part of the read of `id` that is under way, or the lead of a new one. `now`: what is known of changes; a read
  /// that began before the latest one is not shared any more.
  [[nodiscard]] part join(const entry::entry_id& id, near_cache::mark now);

 private:
  static constexpr std::size_t shard_count = 16;

  const std::shared_ptr<std::array<shard, shard_count>> shards_;
};

}  // namespace refrain::store
