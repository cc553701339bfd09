#pragma once

#include <array>
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

  /// Goes through all entries: removes what purge records have killed, counts the others for `describe`. How many it
  /// has removed.
  [[nodiscard]] net::task<base::result<std::uint64_t>> recount();

  /// Puts in what was counted. `entries` are all keys of the databases, ours or not, as `keep_counting` has seen them:
  /// that is cheap to know.
  void describe(entry::store_status& status) const;
  /// Counts the keys now and then, where `expect_change` or `describe` was called since. As long as the loop runs.
  [[nodiscard]] static net::task<> keep_counting(redis_catalogue* self);
  void expect_change() const noexcept { asked_ = true; }

 private:
  /// Keys and their metas, as one turn of SCAN gives them.
  struct scanned {
    std::string next;  ///< the server's cursor; "0" at the end
    std::vector<std::pair<std::string, entry::meta>> found;
  };
  struct counts {
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;  ///< of their bodies, before compressing
    std::array<std::uint64_t, entry::cache_type_count> bytes_by_type{};
  };

  [[nodiscard]] net::task<base::result<scanned>> scan(std::size_t server, std::string pattern, std::string cursor,
                                                      std::size_t count) const;
  [[nodiscard]] net::task<> look_for_other_secrets() const;
  /// Which entry has this name, or this digest in hex; nothing where there is none.
  [[nodiscard]] net::task<base::result<std::optional<entry::entry_id>>> identify(std::string name) const;
  [[nodiscard]] net::task<base::result<std::optional<entry::entry_id>>> identify_named(std::string name) const;

  const store_options& options_;
  redis::client& servers_;
  redis_watch& watch_;
  entry::entries& entries_;
  read_check& check_;
  mutable std::mutex mutex_;
  counts counted_;                         ///< guarded by mutex_
  mutable std::atomic<bool> asked_{true};  ///< since the keys were counted
};

/// `text` as SCAN's MATCH takes it to the letter.
[[nodiscard]] std::string match_exactly(std::string_view text);

}  // namespace refrain::store
