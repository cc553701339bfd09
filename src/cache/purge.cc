#include "cache/purge.h"

#include <algorithm>
#include <mutex>

namespace refrain::cache {

purge_record purge_book::issue(entry::selector selection, base::sys_seconds until) {
  const std::unique_lock lock(mutex_);
  purge_record record{.number = current() + 1, .what = std::move(selection), .until = until};
  records_.push_back(record);
  raise_locked(record.number);
  return record;
}

void purge_book::merge(const std::vector<purge_record>& records) {
  const std::unique_lock lock(mutex_);
  for (const auto& record : records) {
    if (std::ranges::find(records_, record) == records_.end()) records_.push_back(record);
    raise_locked(record.number);
  }
}

void purge_book::raise(std::uint64_t number) {
  const std::unique_lock lock(mutex_);
  raise_locked(number);
}

void purge_book::raise_locked(std::uint64_t number) {
  // Only after the record stands in the list: who sees the new number finds it there.
  if (number > current()) current_.store(number, std::memory_order_release);
}

void purge_book::expire(base::sys_seconds now) {
  const std::unique_lock lock(mutex_);
  std::erase_if(records_, [now](const auto& record) { return record.until <= now; });
}

std::vector<purge_record> purge_book::records() const {
  const std::shared_lock lock(mutex_);
  return records_;
}

bool purge_book::killed(const entry::meta& about) const {
  const std::shared_lock lock(mutex_);
  return std::ranges::any_of(records_, [&about](const auto& record) {
    return record.number > about.purge_number && entry::matches(record.what, about);
  });
}

}  // namespace refrain::cache
