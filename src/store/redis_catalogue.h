#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "entry/store.h"
#include "redis/client.h"
#include "store/options.h"

namespace refrain::store {

/// What a walk through all entries has seen.
struct redis_stock {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;  ///< of their bodies, before compressing
  std::array<std::uint64_t, entry::cache_type_count> bytes_by_type{};
  std::uint64_t removed = 0;  ///< what purge records had killed
};

/// Goes through the entries of all servers, by SCAN under our prefix and never by KEYS: only hashes with a meta of ours
/// count. What is written meanwhile may be seen or not.
class redis_catalogue {
 public:
  explicit redis_catalogue(const store_options& options) : options_(options) {}

  /// At most `limit` metas that match, in the servers' order. Fails with bad_usage for a cursor that is none.
  [[nodiscard]] net::task<base::result<entry::entry_page>> list(redis::client& all, entry::selector what,
                                                                std::string cursor, std::size_t limit) const;

  /// Which entry has this name, or this digest in hex; nothing where there is none.
  [[nodiscard]] net::task<base::result<std::optional<entry::entry_id>>> identify(redis::client& all,
                                                                                 std::string name) const;

  /// Counts what is there, and removes what purge records have killed.
  [[nodiscard]] net::task<base::result<redis_stock>> take_stock(redis::client& all) const;

 private:
  /// Keys and their metas, as one turn of SCAN gives them.
  struct scanned {
    std::string next;  ///< the server's cursor; "0" at the end
    std::vector<std::pair<std::string, entry::meta>> found;
  };

  [[nodiscard]] net::task<base::result<scanned>> scan(redis::client& all, std::size_t server, std::string pattern,
                                                      std::string cursor, std::size_t count) const;
  [[nodiscard]] net::task<base::result<std::optional<entry::entry_id>>> identify_named(redis::client& all,
                                                                                       std::string name) const;
  [[nodiscard]] bool may_show(const entry::meta& about) const;

  const store_options& options_;
};

/// `text` as SCAN's MATCH takes it to the letter.
[[nodiscard]] std::string match_exactly(std::string_view text);

}  // namespace refrain::store
