#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace refrain::admin {

/// What opens the admin plane, and where it came from.
struct token {
  base::secret value;
  std::string warning;  ///< for the person who starts the gateway; empty for none
};

/// Where the token lies unless the operator configured one: `<state>/admin-token`.
[[nodiscard]] std::filesystem::path token_file(const std::filesystem::path& state);

/// The configured token where there is one, else the one in the state folder, which is made at the first start: 32
/// random bytes in hex, mode 0600. A file that others could read is made private, and the warning says so. Errors: io;
/// bad_config for a file that holds no good token.
[[nodiscard]] base::result<token> load_or_make_token(const std::filesystem::path& state,
                                                     const base::secret& configured = {});

/// The header fields of a request that decide whether it is answered.
struct shown_fields {
  std::optional<std::string_view> host;
  std::optional<std::string_view> origin;         ///< browsers send it
  std::optional<std::string_view> authorization;  ///< the only place where a token counts
};

/// What they are compared with.
struct access_rules {
  base::secret token;       ///< where empty, every request is refused
  std::string listen_host;  ///< the address that the listener is bound to
};

enum class admission : std::uint8_t {
  allow,
  misdirected,       ///< the Host is none of ours: a DNS name that was rebound (421)
  forbidden_origin,  ///< a page of another site asks (403)
  unauthorized,      ///< no token, or the wrong one (401)
};

/// Whether the Host is ours and no page of another site asks: of every request.
[[nodiscard]] admission judge_host_and_origin(const shown_fields& who, const access_rules& at);

/// The same, and whether it shows the token: of everything but what the table of routes calls open. The token is
/// compared in constant time.
[[nodiscard]] admission judge(const shown_fields& who, const access_rules& at);

/// The refusal as an error. Not for `allow`.
[[nodiscard]] base::error to_error(admission verdict);

}  // namespace refrain::admin
