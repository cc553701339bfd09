#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "base/url.h"
#include "config/load.h"

namespace CLI {
class App;
}
namespace refrain::app {
struct running;
}

namespace refrain::cli {

/// One call of the admin API (docs/reference/admin-api.md).
struct admin_request {
  std::string method = "GET";
  std::string target;  ///< path and query
  std::string body;
};

/// A response of the admin API, read by JSON pointers (RFC 6901). A gateway of another version may say less: what is
/// not there, or is of another type, is empty or 0.
class admin_response {
 public:
  explicit admin_response(boost::json::value form) : form_(std::move(form)) {}

  [[nodiscard]] std::string text(std::string_view pointer) const;
  [[nodiscard]] std::int64_t number(std::string_view pointer) const;
  [[nodiscard]] std::optional<double> share(std::string_view pointer) const;
  [[nodiscard]] const boost::json::array& list(std::string_view pointer) const;
  [[nodiscard]] const boost::json::value* find(std::string_view pointer) const;

  [[nodiscard]] const boost::json::value& form() const noexcept { return form_; }
  /// The whole of it, on a line.
  [[nodiscard]] std::string line() const;

 private:
  template <class Number>
  [[nodiscard]] std::optional<Number> read(std::string_view pointer) const;

  boost::json::value form_;
};

/// What a command's requests go to: a gateway that runs, or the store itself where none does. Both speak the admin API,
/// so a command is written once.
class backend {
 public:
  virtual ~backend() = default;

  /// Blocks, for a bounded time. The response is the API's JSON; its errors come back as they were.
  [[nodiscard]] virtual base::result<std::string> send(const admin_request& what) = 0;

  /// The same, parsed; fails with io where it is no JSON.
  [[nodiscard]] base::result<admin_response> ask(const admin_request& what);

  /// Waits, for a bounded time, until what was put has reached the store; a gateway sees to that by itself.
  virtual void flush() {}

  /// "the gateway at http://127.0.0.1:7338"
  [[nodiscard]] virtual std::string name() const = 0;

  /// Whether a gateway runs behind it.
  [[nodiscard]] virtual bool is_gateway() const noexcept = 0;
};

/// The flags of a command that asks a backend: which one, and whether its output is JSON.
struct backend_flags {
  /// `json_is`: what `--json` prints, as help has it.
  void declare(CLI::App& app, const char* json_is);

  bool json = false;
  std::string admin_url;
  std::string store;
  std::string config;
};

/// What becomes of a store that is not there yet: it answers as an empty one, or it is made.
enum class if_missing : unsigned char { stay_empty, make_it };

/// The gateway that `--admin-url` or REFRAIN_ADMIN_URL names; else, unless `--store` or `--config` ask for a store, the
/// gateway that runs here; else the configured store. Errors: bad_usage where several gateways run; io, bad_config.
[[nodiscard]] base::result<std::unique_ptr<backend>> open_backend(const backend_flags& flags,
                                                                  if_missing then = if_missing::stay_empty);

/// The gateway that a command means where nobody says: the only one with an admin plane, or the one on the default
/// port. Nothing where there is none; fails with bad_usage, listing them, where there are several. Pure.
[[nodiscard]] base::result<std::optional<app::running>> choose_gateway(const std::vector<app::running>& all);

// The two kinds.

/// A gateway that runs, asked over its admin plane. A request gives up after 10 s without progress, and fails with io
/// where the gateway cannot be reached or does not speak the API. `remedy`: what to do where the token is refused,
/// after "the gateway at ... refuses ".
[[nodiscard]] std::unique_ptr<backend> make_admin_client(base::url where, base::secret token, std::string remedy);

/// The API's response as a result: errors become what they were on the other side. `status`: of HTTP.
[[nodiscard]] base::result<std::string> read_response(int status, std::string body);

/// The configured store, opened by the command itself because no gateway runs. The admin plane's own handlers respond
/// for it. A store that is not there yet is not made by looking: it is as an empty one, unless `then` says else.
/// Errors: bad_config, also for a store that lives in a gateway's memory alone; the store's own.
[[nodiscard]] base::result<std::unique_ptr<backend>> open_local_store(const config::environment& from,
                                                                      config::loaded configuration, if_missing then);

}  // namespace refrain::cli
