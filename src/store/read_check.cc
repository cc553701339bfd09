#include "store/read_check.h"

#include "base/log.h"

namespace refrain::store {

using base::errc;

entry::entry_ptr read_check::pass(const entry::entry_id& id, entry::entry_ptr found) {
  if (found == nullptr) return nullptr;
  if (found->about.id.digest != id.digest || found->about.id.tenant != id.tenant) {
    mismatches_.fetch_add(1, std::memory_order_relaxed);
    return nullptr;
  }
  return options_.may_show(found->about) ? found : nullptr;
}

base::result<entry::entry_ptr> read_check::as_miss(const base::error& why) {
  if (why.code == errc::sealed_by_another_secret) {
    warn_of_another_secret();
    return nullptr;
  }
  if (why.code != errc::store_mismatch && why.code != errc::store_corrupt) return base::fail(why);
  mismatches_.fetch_add(1, std::memory_order_relaxed);
  return nullptr;
}

void read_check::warn_of_another_secret() {
  if (warned_.exchange(true)) return;
  base::log_warning(
      "the store holds entries sealed under another secret: they count as misses; set security.secret or "
      "security.secret_previous to it");
}

}  // namespace refrain::store
