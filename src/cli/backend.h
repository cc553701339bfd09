#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace CLI {
class App;
}

namespace refrain::cli {

/// One call of the admin API (docs/reference/admin-api.md).
struct question {
  std::string method = "GET";
  std::string target;  ///< path and query
  std::string body;
};

/// Who answers a command's questions: a gateway that runs, or the store itself where none does. Both speak the admin
/// API, so a command is written once.
class backend {
 public:
  virtual ~backend() = default;

  /// Blocks, for a bounded time. The answer is the API's JSON; its errors come back as they were.
  [[nodiscard]] virtual base::result<std::string> ask(const question& what) = 0;

  /// Waits, for a bounded time, until what was put has reached the store; a gateway sees to that by itself.
  virtual void settle() {}

  /// "the gateway at http://127.0.0.1:7338"
  [[nodiscard]] virtual std::string name() const = 0;

  /// Whether a gateway runs behind it.
  [[nodiscard]] virtual bool is_gateway() const noexcept = 0;
};

/// The flags that say where to look.
struct backend_flags {
  std::string admin_url;
  std::string store;
  std::string config;
};
void add_backend_flags(CLI::App& app, backend_flags& flags);

/// What becomes of a store that is not there yet: it answers as an empty one, or it is made.
enum class if_missing : unsigned char { stay_empty, make_it };

/// The gateway that `--admin-url` or REFRAIN_ADMIN_URL names; else, unless `--store` or `--config` ask for a store, the
/// gateway that runs here; else the configured store. Errors: bad_usage where several gateways run; io, bad_config.
[[nodiscard]] base::result<std::unique_ptr<backend>> open_backend(const backend_flags& flags,
                                                                  if_missing then = if_missing::stay_empty);

}  // namespace refrain::cli
