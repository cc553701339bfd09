#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/folders.h"
#include "base/result.h"
#include "base/url.h"
#include "config/load.h"
#include "ledger/totals.h"

namespace refrain::app {

/// A gateway, whole: store, loops, data plane, admin plane. It is made, run on the calling thread, and stopped from
/// another or by a signal.
class app {
 public:
  /// Opens the store and the listeners. A store that cannot be opened is replaced by memory with a warning, unless
  /// store.require is set. Errors: bad_config, port_in_use, io, store_unavailable.
  /// `reread` loads the configuration as it is now: a Redis that refuses its password is given what stands there then.
  [[nodiscard]] static base::result<std::unique_ptr<app>> make(config::loaded configuration, const folders& where,
                                                               config::reader reread = {});
  ~app();

  /// Serves until stop() has drained the requests under way. Blocks.
  void run();

  /// Ends it: no new requests, those under way may finish within server.drain. Any thread; safe to repeat.
  void stop();

  /// The same without waiting for what is under way.
  void stop_at_once();

  /// What a stop would wait for, and for how long at most. Any thread, while it runs.
  struct work {
    std::size_t requests = 0;
    std::size_t calls = 0;  ///< upstream
  };
  [[nodiscard]] work under_way() const;
  [[nodiscard]] std::chrono::seconds drain_time() const;

  /// Takes a new configuration for the requests to come. Gives the keys of the changed settings that wait for a
  /// restart: those stay as they are. Any thread, while it runs. On error the old configuration stays.
  [[nodiscard]] base::result<std::vector<std::string>> reload(config::loaded configuration);

  /// Where it listens, with real ports. The admin plane may be off.
  [[nodiscard]] const base::endpoint& data_plane() const noexcept;
  [[nodiscard]] const std::optional<base::endpoint>& admin_plane() const noexcept;
  /// The data plane as applications name it: http or https.
  [[nodiscard]] base::url base_url() const;
  /// What is to be said at start: warnings of the configuration and of the store.
  [[nodiscard]] const std::vector<std::string>& warnings() const noexcept;
  /// "sqlite:/home/me/.local/share/refrain/cache.db"; never with a password.
  [[nodiscard]] std::string store_location() const;
  /// The dashboard's address with the token in its fragment; empty where the admin plane is off.
  [[nodiscard]] std::string dashboard_url() const;
  /// Where the admin plane's token lies; empty where it is configured, or could not be kept.
  [[nodiscard]] std::string token_file() const;

  /// How many requests passed through unparsed or failed since the start, and how many of these failed.
  struct endings {
    std::uint64_t answered = 0;
    std::uint64_t failed = 0;
    int last_failure = 0;  ///< its status
  };
  [[nodiscard]] endings ended() const;

  /// The account since the start.
  [[nodiscard]] ledger::totals totals() const;

 private:
  struct parts;
  explicit app(std::unique_ptr<parts> all);
  std::unique_ptr<parts> all_;
};

}  // namespace refrain::app
