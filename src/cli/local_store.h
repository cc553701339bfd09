#pragma once

#include <memory>
#include <string>

#include "cli/backend.h"
#include "config/load.h"

namespace refrain::cli {

/// The configured store, opened by the command itself because no gateway runs. It answers by the admin plane's own
/// handlers.
class local_store final : public backend {
 public:
  /// A store that is not there yet is not made by looking: it answers as an empty one, unless `then` says else. Errors:
  /// bad_config, also for a store that lives in a gateway's memory alone; the store's own.
  [[nodiscard]] static base::result<std::unique_ptr<backend>> open(const config::environment& from,
                                                                   config::loaded configuration,
                                                                   if_missing then = if_missing::stay_empty);
  ~local_store() override;

  [[nodiscard]] base::result<std::string> send(const admin_request& what) override;
  void settle() override;
  [[nodiscard]] std::string name() const override;
  [[nodiscard]] bool is_gateway() const noexcept override { return false; }

 private:
  struct parts;
  explicit local_store(std::unique_ptr<parts> all);
  std::unique_ptr<parts> all_;
};

}  // namespace refrain::cli
