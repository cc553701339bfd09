#include "store/near_cache.h"

#include <utility>

#include "store/naming.h"

namespace refrain::store {

near_cache::copy near_cache::use_of(const entry::entry_id& id) {
  auto used = memory_->use_of(id);
  const bool sure = used.epoch == epoch_.load(std::memory_order_acquire);
  return {.what = std::move(used.what), .sure = sure, .to_tell = used.to_tell};
}

near_cache::mark near_cache::mark_of(const base::digest256& digest) const noexcept {
  return {.all = epoch_.load(std::memory_order_acquire),
          .some = changes_[digest.bytes[0]].load(std::memory_order_acquire)};
}

void near_cache::keep(entry::entry_ptr read, mark began, const entry::entry_ptr& instead_of) {
  const auto digest = read->about.id.digest;
  const auto changes = [&] { return changes_[digest.bytes[0]].load(std::memory_order_acquire); };
  if (changes() != began.some) return;
  memory_->keep(std::move(read), began.all, instead_of);
  // What was told between the look and the keeping has found nothing to remove.
  if (changes() != began.some) (void)changed(digest.hex());
}

void near_cache::put(entry::entry_ptr fresh) {
  changes_[fresh->about.id.digest.bytes[0]].fetch_add(1, std::memory_order_acq_rel);
  memory_->put(std::move(fresh), epoch_.load(std::memory_order_acquire));
}

bool near_cache::changed(std::string_view name) {
  for (const auto& digest : digests_in(name)) changes_[digest.bytes[0]].fetch_add(1, std::memory_order_acq_rel);
  return memory_->remove(name);
}

}  // namespace refrain::store
