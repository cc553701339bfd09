#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace refrain::store {

/// What keeps entries out of a Redis, and until when: every write, where it is full, cannot save, is a replica or does
/// not let this user write; or some, where they are too large or belong to another node. A refusal of every write
/// stands until one goes well, and writes wait 1 s, doubling to 30 s, between attempts (docs/reliability.md, Redis). No
/// clock and no lock of its own.
class redis_refusal {
 public:
  /// A write of so many bytes was refused with this reply. `of_entry`: false for one of the counters', whose rights may
  /// be others.
  void refused(std::string_view reply, std::uint64_t bytes, bool of_entry, base::steady_time now);
  /// The connection ended at a write of so many bytes; `time` numbers the connections.
  void ended(std::uint64_t bytes, std::uint64_t time, base::steady_time now);
  void went_well(std::uint64_t bytes, bool of_entry);
  /// Other servers have come: which keys they have is not known any more.
  void servers_changed();

  /// Whether a write of so many bytes may be tried now.
  [[nodiscard]] bool allows(std::uint64_t bytes, base::steady_time now) const noexcept;
  /// Whether every write is refused, and it is time to look again.
  [[nodiscard]] bool wants_trial(base::steady_time now) const noexcept { return !all_.empty() && now >= from_; }
  /// The fault and its remedy; empty where there is none.
  [[nodiscard]] std::string text(base::steady_time now) const;

 private:
  void refuse_large(std::string sentence, std::uint64_t bytes, base::steady_time now);

  std::string all_;         ///< why every write is refused; empty: none is
  bool by_entry_ = false;   ///< an entry's write met it
  base::steady_time from_;  ///< when writes may go on
  std::chrono::seconds pause_{0};

  std::string some_;  ///< why some writes are refused
  base::steady_time until_;
  std::uint64_t too_large_ = 0;  ///< bytes that are too many, until `until_`; 0: nothing is
  std::chrono::seconds hold_{0};
  std::uint64_t ends_ = 0;  ///< connections in a row that ended at a large write
  std::uint64_t ended_at_ = 0;
};

}  // namespace refrain::store
