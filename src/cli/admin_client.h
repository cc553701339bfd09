#pragma once

#include <memory>
#include <string>

#include "base/secret.h"
#include "base/url.h"
#include "cli/backend.h"

namespace refrain::cli {

/// A gateway that runs, asked over its admin plane. A request gives up after 10 s without progress, and fails with io
/// where the gateway cannot be reached or does not speak the API. `remedy`: what to do where the token is refused,
/// after "the gateway at ... refuses ".
[[nodiscard]] std::unique_ptr<backend> make_admin_client(base::url where, base::secret token, std::string remedy);

/// The API's response as a result: errors become what they were on the other side. `status`: of HTTP.
[[nodiscard]] base::result<std::string> read_response(int status, std::string body);

}  // namespace refrain::cli
