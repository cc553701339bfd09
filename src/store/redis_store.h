#pragma once

#include <memory>
#include <string>
#include <vector>

#include "entry/store.h"
#include "redis/client.h"
#include "store/near_cache.h"
#include "store/occupied_names.h"
#include "store/options.h"
#include "store/redis_catalogue.h"
#include "store/redis_counters.h"
#include "store/redis_foreign_cache.h"
#include "store/redis_watch.h"
#include "store/redis_writer.h"

namespace refrain::store {

/// Entries in a Redis or Valkey that many gateways share: docs/formats/redis.md. A server that is away or slow makes
/// misses and dropped writes, never an error of a request (docs/reliability.md, Redis). Which entries are used the
/// least is for the server to know (`maxmemory-policy`): it has seen the reads.
///
/// Destroy it when the loops whose coroutines call it run no more, and before they go.
class redis_store final : public entry::store {
 public:
  /// Connects in the background. `location` is the servers' address without its password. Copies of its entries that a
  /// tier above has `near` hear of what others change.
  redis_store(redis::client_options servers, std::string location, store_options options,
              std::shared_ptr<near_cache> near = nullptr);
  /// Writes what is queued, for a few seconds at most.
  ~redis_store() override;

  /// An error where no server can say: store_unavailable, upstream_timeout and their like.
  [[nodiscard]] net::task<base::result<entry::entry_ptr>> get(entry::entry_id id) override;
  void flush() override { writer_.flush(); }
  /// As with entries of ours: nothing before it knows what was purged.
  [[nodiscard]] entry::foreign_cache* foreign() noexcept override { return watch_.may_serve() ? &foreign_ : nullptr; }
  [[nodiscard]] redis_catalogue& catalogue() noexcept override { return catalogue_; }
  [[nodiscard]] entry::counters& counters() noexcept override { return counters_; }
  [[nodiscard]] entry::store_status status() const override;

  /// Waits for the first word from the server, at most `timeout`: whether it is there. Blocks.
  [[nodiscard]] base::result<void> await(std::chrono::milliseconds timeout) { return watch_.await(timeout); }

 private:
  bool write(entry::entry_ptr fresh) override;
  [[nodiscard]] redis::commands removal_of(std::string_view name) const;
  [[nodiscard]] redis::commands commands_for(const entry::entry& fresh) const;
  [[nodiscard]] net::task<base::result<entry::entry_ptr>> read(entry::entry_id id);
  [[nodiscard]] net::task<base::result<std::vector<std::string>>> read_pieces(entry::meta about, std::size_t count);
  [[nodiscard]] redis::client_options wired(redis::client_options servers);

  const store_options options_;
  read_check check_{options_};
  redis_watch watch_;
  redis_writer writer_{options_, client_, watch_};
  redis_catalogue catalogue_{options_, client_, watch_, *this, check_};
  redis_counters counters_{options_, client_, writer_};
  occupied_names occupied_;
  redis::client client_;  ///< behind what its thread uses: that ends before
  redis_foreign_cache foreign_{client_};
};

}  // namespace refrain::store
