#pragma once

#include <memory>
#include <string>

#include "base/secret.h"
#include "base/url.h"
#include "cli/backend.h"

namespace refrain::cli {

/// A gateway that runs, asked over its admin plane.
class admin_client final : public backend {
 public:
  /// `remedy`: what to do where the token is refused, after "the gateway at ... refuses ": it knows where that came
  /// from.
  admin_client(base::url where, base::secret token, std::string remedy)
      : where_(std::move(where)), token_(std::move(token)), remedy_(std::move(remedy)) {}

  /// Gives up after 10 s without progress. Errors: io where it cannot be reached or does not speak the API, and the
  /// API's own.
  [[nodiscard]] base::result<std::string> send(const admin_request& what) override;
  [[nodiscard]] std::string name() const override;
  [[nodiscard]] bool is_gateway() const noexcept override { return true; }

 private:
  base::url where_;
  base::secret token_;
  std::string remedy_;
};

/// The API's response as a result: errors become what they were on the other side. `status`: of HTTP.
[[nodiscard]] base::result<std::string> read_response(int status, std::string body);

}  // namespace refrain::cli
