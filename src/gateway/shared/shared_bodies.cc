#include "gateway/shared/shared_bodies.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace refrain::gateway {

namespace {

struct owned {
  std::string bytes;
  std::optional<entry::held_bytes> taken;
};

shared_bodies::body own(std::string bytes, std::optional<entry::held_bytes> taken) {
  auto all = std::make_shared<const owned>(std::move(bytes), std::move(taken));
  const auto* const text = &all->bytes;
  return {std::move(all), text};
}

}  // namespace

shared_bodies::body shared_bodies::share(std::string bytes, std::optional<entry::held_bytes> taken) {
  auto mine = own(std::move(bytes), std::move(taken));
  if (mine->size() < least.value) return mine;
  const auto hash = std::hash<std::string_view>{}(*mine);
  // Let go after the lock: the last who holds a body frees it.
  std::vector<body> candidates;
  const std::lock_guard lock{mutex_};
  std::erase_if(by_hash_, [](const auto& one) { return one.second.expired(); });
  const auto [first, last] = by_hash_.equal_range(hash);
  for (auto one = first; one != last; ++one) {
    candidates.push_back(one->second.lock());
    if (candidates.back() && *candidates.back() == *mine) return candidates.back();
  }
  by_hash_.emplace(hash, mine);
  return mine;
}

std::size_t shared_bodies::held() const {
  const std::lock_guard lock{mutex_};
  return static_cast<std::size_t>(
      std::ranges::count_if(by_hash_, [](const auto& one) { return !one.second.expired(); }));
}

}  // namespace refrain::gateway
