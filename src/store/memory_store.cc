#include "store/memory_store.h"

#include <algorithm>
#include <functional>
#include <mutex>

#include "store/naming.h"
#include "store/s3_fifo.h"

namespace refrain::store {
namespace {

constexpr std::size_t most_shards = 64;
constexpr unsigned swept_per_insert = 4;
constexpr unsigned walked_at_once = 64;

std::size_t shards_for(const store_options& options) {
  const std::uint64_t room_of_four = 4 * std::max<std::uint64_t>(options.entry_cap.value, 1);
  return std::clamp<std::size_t>(options.memory_bytes.value / room_of_four, 1, most_shards);
}

/// Whether a resident may still be handed out. What no purge has killed is not asked again until the next one.
bool is_alive(resident& one, const cache::purge_book& purges, base::sys_seconds now) {
  if (now >= one.gone_at) return false;
  const std::uint64_t number = purges.current();
  if (one.alive_at_purge >= number) return true;
  if (purges.dead(one.what->about)) return false;
  one.alive_at_purge = number;
  return true;
}

}  // namespace

/// Padded, so that the locks of two shards do not share a cache line.
struct alignas(64) memory_store::shard {
  mutable std::mutex mutex;
  std::unique_ptr<s3_fifo> queue;  ///< guarded by mutex
};

memory_store::memory_store(store_options options)
    : options_(std::move(options)),
      shard_count_(shards_for(options_)),
      shards_(std::make_unique<shard[]>(shard_count_)) {
  for (std::size_t i = 0; i < shard_count_; ++i) {
    shards_[i].queue = std::make_unique<s3_fifo>(options_.memory_bytes.value / shard_count_);
  }
}

memory_store::~memory_store() = default;

memory_store::shard& memory_store::home_of(const base::digest256& digest) const noexcept {
  // By the leading bytes, so that shards follow one another in the order of digests: listings walk them so.
  const std::size_t lead = static_cast<std::size_t>(digest.bytes[0]) << 8 | digest.bytes[1];
  return shards_[lead * shard_count_ >> 16];
}

entry::entry_ptr memory_store::peek(const entry::entry_id& id) { return use_of(id).what; }

memory_store::use memory_store::use_of(const entry::entry_id& id) {
  if (is_off()) return {};
  const auto now = options_.clock->seconds();
  shard& home = home_of(id.digest);
  evicted left;
  const std::scoped_lock lock(home.mutex);
  resident* const found = home.queue->find(id.digest);
  if (found == nullptr) return {};
  if (found->what->about.id.tenant != id.tenant) {
    mismatches_.fetch_add(1, std::memory_order_relaxed);
    return {};
  }
  if (!is_alive(*found, *options_.purges, now)) {
    home.queue->remove(*found, left);
    return {};
  }
  s3_fifo::used(*found);
  const bool to_tell = now >= found->tell_use_at;
  if (to_tell) found->tell_use_at = now + use_grain;
  return {.what = found->what, .to_tell = to_tell, .epoch = found->epoch};
}

net::task<base::result<entry::entry_ptr>> memory_store::get(entry::entry_id id) { co_return peek(id); }

net::task<std::vector<entry::entry_ptr>> memory_store::get_many(std::vector<entry::entry_id> ids) {
  std::vector<entry::entry_ptr> found;
  for (const auto& id : ids) found.push_back(peek(id));
  co_return found;
}

template <class MayReplace>
bool memory_store::insert(entry::entry_ptr fresh, std::uint32_t epoch, MayReplace may_replace) {
  if (is_off()) return false;
  const auto now = options_.clock->seconds();
  auto one = std::make_unique<resident>();
  one->cost = s3_fifo::cost_of(*fresh);
  one->gone_at = fresh->about.stored_at + fresh->about.ttl + options_.keep_stale;
  one->tell_use_at = now + use_grain;
  one->alive_at_purge = fresh->about.purge_number;
  one->epoch = epoch;
  one->what = std::move(fresh);
  const auto gone = [this, now](resident& old) { return !is_alive(old, *options_.purges, now); };

  shard& home = home_of(one->digest());
  evicted left;
  const std::scoped_lock lock(home.mutex);
  home.queue->sweep(swept_per_insert, gone, left);
  resident* const old = home.queue->find(one->digest());
  if (old != nullptr && !may_replace(old->what)) return false;
  if (home.queue->takes(one->cost) && !gone(*one)) {
    home.queue->insert(std::move(one), left);
    return true;
  }
  // What it was to replace must not outlive it.
  if (old != nullptr) home.queue->remove(*old, left);
  refused_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

bool memory_store::write(entry::entry_ptr fresh) { return put(std::move(fresh), 0); }

bool memory_store::put(entry::entry_ptr fresh, std::uint32_t epoch) {
  return insert(std::move(fresh), epoch, [](const entry::entry_ptr&) { return true; });
}

void memory_store::keep(entry::entry_ptr read, std::uint32_t epoch, const entry::entry_ptr& instead_of) {
  (void)insert(std::move(read), epoch, [&](const entry::entry_ptr& old) { return old == instead_of; });
}

bool memory_store::remove(std::string_view name) {
  bool found = false;
  for (const auto& digest : digests_in(name)) {
    shard& home = home_of(digest);
    evicted left;
    const std::scoped_lock lock(home.mutex);
    resident* const one = home.queue->find(digest);
    if (one == nullptr || !is_named(name, one->what->about.id)) continue;
    home.queue->remove(*one, left);
    found = true;
  }
  return found;
}

net::task<base::result<bool>> memory_store::erase(std::string name) { co_return remove(name); }

net::task<base::result<entry::entry_ptr>> memory_store::find(std::string name) {
  const auto now = options_.clock->seconds();
  for (const auto& digest : digests_in(name)) {
    shard& home = home_of(digest);
    const std::scoped_lock lock(home.mutex);
    resident* const one = home.queue->find(digest);
    if (one == nullptr || !is_named(name, one->what->about.id)) continue;
    if (is_alive(*one, *options_.purges, now)) co_return one->what;
  }
  co_return nullptr;
}

net::task<base::result<entry::purge_report>> memory_store::purge(entry::selector wanted) {
  const auto record = options_.purges->issue(std::move(wanted), options_.purge_until());
  options_.purges->expire(options_.clock->seconds());
  const std::uint64_t removed = remove_dead();
  co_return entry::purge_report{.number = record.number, .removed = removed};
}

template <class F>
std::uint64_t memory_store::walk(shard& home, F gone) {
  s3_fifo::walk way;
  {
    const std::scoped_lock lock(home.mutex);
    home.queue->begin(way);
  }
  std::uint64_t removed = 0;
  for (bool more = true; more;) {
    evicted left;
    const std::scoped_lock lock(home.mutex);
    more = home.queue->step(way, walked_at_once, gone, left);
    removed += left.count();
  }
  return removed;
}

std::uint64_t memory_store::remove_dead() {
  std::uint64_t removed = 0;
  const auto is_dead = [this](const resident& one) { return options_.purges->dead(one.what->about); };
  for (std::size_t i = 0; i < shard_count_; ++i) removed += walk(shards_[i], is_dead);
  return removed;
}

net::task<base::result<entry::entry_page>> memory_store::list(entry::selector wanted, std::string cursor,
                                                              std::size_t limit) {
  const auto after = base::digest256::from_hex(cursor);
  if (!after && !cursor.empty()) co_return base::fail(base::errc::bad_usage, "that is not a cursor of this store");
  const auto now = options_.clock->seconds();
  entry::entry_page page;
  for (shard* next = after ? &home_of(*after) : &shards_[0]; next != &shards_[0] + shard_count_; ++next) {
    std::vector<entry::entry_ptr> found;
    walk(*next, [&](resident& one) {
      const bool behind = !after || one.digest() > *after;
      if (behind && is_alive(one, *options_.purges, now)) found.push_back(one.what);
      return false;
    });
    std::erase_if(found, [&wanted](const auto& one) { return !entry::matches(wanted, one->about); });
    const auto digest_of = [](const auto& one) -> const auto& { return one->about.id.digest; };
    std::ranges::sort(found, {}, digest_of);
    const auto again = std::ranges::unique(found, {}, digest_of);
    found.erase(again.begin(), again.end());
    for (const auto& one : found) {
      if (page.entries.size() == limit) {
        if (limit > 0) page.next = page.entries.back().id.digest.hex();
        co_return page;
      }
      page.entries.push_back(one->about);
    }
  }
  co_return page;
}

entry::store_status memory_store::status() const {
  entry::store_status sum;
  sum.kind = "memory";
  sum.location = "memory:";
  sum.max_bytes = options_.memory_bytes.value;
  sum.writes_dropped = refused_.load(std::memory_order_relaxed);
  sum.mismatches = mismatches_.load(std::memory_order_relaxed);
  auto& entries = sum.entries.emplace(0);
  auto& bytes = sum.bytes.emplace(0);
  auto& by_type = sum.bytes_by_type.emplace();
  auto& evictions = sum.evictions.emplace(0);
  for (std::size_t i = 0; i < shard_count_; ++i) {
    const std::scoped_lock lock(shards_[i].mutex);
    const auto& queue = *shards_[i].queue;
    entries += queue.entries();
    bytes += queue.bytes();
    std::ranges::transform(by_type, queue.bytes_by_type(), by_type.begin(), std::plus{});
    evictions += queue.evictions();
  }
  return sum;
}

}  // namespace refrain::store
