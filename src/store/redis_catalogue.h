#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "entry/store.h"
#include "redis/client.h"
#include "store/options.h"
#include "store/read_check.h"
#include "store/redis_watch.h"

namespace refrain::store {

/// What operators ask of a Redis. It goes through the entries of all servers by SCAN under our prefix, never by KEYS:
/// only hashes with a meta of ours count. What is written meanwhile may be seen or not.
class redis_catalogue final : public entry::catalogue {
 public:
  /// All of them outlive it, but for `servers`, whose loop `keep_counting` runs on.
  redis_catalogue(const store_options& options, redis::client& servers, redis_watch& watch, entry::entries& from,
                  read_check& check)
      : options_(options), servers_(servers), watch_(watch), entries_(from), check_(check) {}

  [[nodiscard]] net::task<base::result<entry::entry_ptr>> find(std::string name) override;
  [[nodiscard]] net::task<base::result<bool>> erase(std::string name) override;
  /// In the servers' order.
  [[nodiscard]] net::task<base::result<entry::entry_page>> list(entry::selector wanted, std::string cursor,
                                                                std::size_t limit) override;
  [[nodiscard]] net::task<base::result<entry::purge_report>> purge(entry::selector wanted) override;

  /// Asks each server for what it knows of itself: DBSIZE and INFO.
  [[nodiscard]] net::task<> measure() override;

  /// Puts in what was measured, while the servers are there: keys, memory and evictions of all that stands in them,
  /// ours or not. What a server does not tell is left out, as is what each type takes: only a walk through all keys
  /// could tell.
  void describe(entry::store_status& status) const;
  /// Measures now and then, where `expect_change` or `describe` was called since. As long as the loop runs.
  [[nodiscard]] static net::task<> keep_measuring(redis_catalogue* self);
  void expect_change() const noexcept { asked_ = true; }

 private:
  /// Keys and their metas, as one turn of SCAN gives them.
  struct scanned {
    std::string next;  ///< the server's cursor; "0" at the end
    std::vector<std::pair<std::string, entry::meta>> found;
  };
  struct measures {
    std::optional<std::uint64_t> entries;
    std::optional<std::uint64_t> bytes;
    std::optional<std::uint64_t> max_bytes;
    std::optional<std::uint64_t> evictions;

    void add(const redis::replies& said);
  };

  [[nodiscard]] net::task<base::result<scanned>> scan(std::size_t server, std::string pattern, std::string cursor,
                                                      std::size_t count) const;
  [[nodiscard]] net::task<> look_for_other_secrets() const;
  /// Removes what purge records have killed: how many entries.
  [[nodiscard]] net::task<base::result<std::uint64_t>> sweep();
  /// Which entry has this name, or this digest in hex; nothing where there is none.
  [[nodiscard]] net::task<base::result<std::optional<entry::entry_id>>> identify(std::string name) const;
  [[nodiscard]] net::task<base::result<std::optional<entry::entry_id>>> identify_named(std::string name) const;

  const store_options& options_;
  redis::client& servers_;
  redis_watch& watch_;
  entry::entries& entries_;
  read_check& check_;
  mutable std::mutex mutex_;
  std::optional<measures> measured_;       ///< guarded by mutex_
  mutable std::atomic<bool> asked_{true};  ///< since it was measured
};

/// `text` as SCAN's MATCH takes it to the letter.
[[nodiscard]] std::string match_exactly(std::string_view text);

}  // namespace refrain::store
