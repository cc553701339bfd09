#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "admin/view.h"
#include "base/text.h"
#include "support/base/manual_clock.h"

/// For tests: a store in a vector, and a gateway's parts around it.
namespace refrain::admin::testing {

inline entry::entry_ptr make_entry(std::string_view seed, std::string body, base::sys_seconds stored_at) {
  entry::entry made;
  made.about.id.digest = base::sha256(seed);
  made.about.stored_at = stored_at;
  made.about.ttl = std::chrono::hours{1};
  made.about.upstream = "openai";
  made.about.endpoint = "chat.completions";
  made.about.model = "gpt-4o-mini";
  made.about.level = "balanced";
  made.about.tenant_label = "alice";
  made.about.tags = {"demo"};
  made.about.query = std::string(seed);
  made.about.cost = entry::micro_usd{1234};
  made.about.size = body.size();
  made.body.emplace_back(std::move(body));
  return std::make_shared<const entry::entry>(std::move(made));
}

/// Keeps entries in the order in which they were put; a cursor is the place of the next.
class vector_store final : public entry::store, entry::catalogue, entry::counters {
 public:
  entry::entry_ptr peek(const entry::entry_id& id) override { return find_if(id.digest.hex()); }
  net::task<base::result<entry::entry_ptr>> get(entry::entry_id id) override { co_return peek(id); }
  bool write(entry::entry_ptr fresh) override {
    const std::lock_guard guard{mutex_};
    entries_.push_back(std::move(fresh));
    return true;
  }
  net::task<base::result<bool>> erase(std::string name) override {
    const std::lock_guard guard{mutex_};
    co_return std::erase_if(entries_, [&](const auto& one) { return is_named(name, *one); }) > 0;
  }
  net::task<base::result<entry::entry_ptr>> find(std::string name) override { co_return find_if(name); }
  net::task<base::result<entry::purge_report>> purge(entry::selector what) override {
    const std::lock_guard guard{mutex_};
    const auto removed = std::erase_if(entries_, [&](const auto& one) { return matches(what, one->about); });
    co_return entry::purge_report{.number = ++purges_, .removed = removed};
  }
  net::task<base::result<entry::entry_page>> list(entry::selector what, std::string cursor,
                                                  std::size_t limit) override {
    const std::lock_guard guard{mutex_};
    entry::entry_page page;
    auto at = base::to_integer<std::size_t>(cursor).value_or(0);
    for (; at < entries_.size() && page.entries.size() < limit; ++at) {
      if (matches(what, entries_[at]->about)) page.entries.push_back(entries_[at]->about);
    }
    if (at < entries_.size()) page.next = std::to_string(at);
    co_return page;
  }
  void add(entry::counter_deltas deltas) override { std::ranges::move(deltas, std::back_inserter(kept_)); }
  net::task<base::result<entry::counter_deltas>> since(std::int64_t first_day) override {
    if (away) co_return base::fail(base::errc::store_unavailable, "the store is away", true);
    auto since = kept_;
    std::erase_if(since, [first_day](const auto& one) { return one.day < first_day; });
    co_return since;
  }
  entry::catalogue& catalogue() noexcept override { return *this; }
  entry::counters& counters() noexcept override { return *this; }
  entry::store_status status() const override {
    const std::lock_guard guard{mutex_};
    return {.kind = "vector", .location = "nowhere", .entries = entries_.size(), .tiers = {{.kind = "tier"}}};
  }

  bool away = false;  ///< counters cannot be had

 private:
  static bool is_named(const std::string& name, const entry::entry& one) {
    return name == one.about.id.digest.hex() || name == storage_name(one.about.id);
  }
  entry::entry_ptr find_if(const std::string& name) const {
    const std::lock_guard guard{mutex_};
    const auto found = std::ranges::find_if(entries_, [&](const auto& one) { return is_named(name, *one); });
    return found == entries_.end() ? nullptr : *found;
  }

  mutable std::mutex mutex_;
  std::vector<entry::entry_ptr> entries_;  ///< guarded by mutex_
  std::uint64_t purges_ = 0;               ///< guarded by mutex_
  entry::counter_deltas kept_;
};

/// What an admin plane looks at, around a store.
struct scene {
  explicit scene(entry::store& keeps) : store(keeps) {}

  entry::store& store;
  base::manual_clock clock{};
  cache::purge_book purges{};
  ledger::ledger money{};
  std::atomic<bool> draining{false};
  std::shared_ptr<config::loaded> configuration = std::make_shared<config::loaded>();

  [[nodiscard]] view look() {
    return {.clock = clock,
            .store = store,
            .purges = purges,
            .money = money,
            .configuration = [this] { return configuration; },
            .now = [this] { return activity{.draining = draining}; },
            .version = "1.2.3",
            .started = clock.steady(),
            .data_plane = "http://127.0.0.1:7337"};
  }
};

}  // namespace refrain::admin::testing
