#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/bytes.h"
#include "entry/recording.h"

namespace refrain::gateway {

/// Bodies that were put together for one client, as a clip is that was recorded as events: made anew for each who asks,
/// but held once while they are sent, so that a thousand slow listeners of one clip do not hold a thousand copies.
/// Alike are bodies of the same bytes, whatever they came from. Any thread.
class shared_bodies {
 public:
  using body = std::shared_ptr<const std::string>;

  /// Smaller ones are left alone: a connection costs as much as they do.
  static constexpr base::byte_count least{64 << 10};

  /// The same bytes: those of a body that somebody still holds, or these. They are let go with what they were taken
  /// from.
  [[nodiscard]] body share(std::string bytes, std::optional<entry::held_bytes> taken = std::nullopt);

  /// Bodies that are held at this moment.
  [[nodiscard]] std::size_t held() const;

 private:
  mutable std::mutex mutex_;
  std::unordered_multimap<std::size_t, std::weak_ptr<const std::string>> by_hash_;  ///< guarded by mutex_
};

}  // namespace refrain::gateway
