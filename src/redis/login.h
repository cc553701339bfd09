#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/secret.h"

namespace refrain::redis {

/// Who a connection is to a server: what AUTH, HELLO and SELECT are given. A password without a user is the default
/// user's.
struct login {
  std::string user;
  base::secret password;
  std::uint32_t database = 0;
  /// Where a person set the password, or the URL that has none: "REDIS_PASSWORD in .env"; empty: not known.
  std::string origin{};

  [[nodiscard]] bool empty() const noexcept { return user.empty() && password.empty(); }

  friend bool operator==(const login& one, const login& other) {
    return one.user == other.user && one.database == other.database &&
           base::equal_in_constant_time(one.password.reveal(), other.password.reveal());
  }
};

/// Reads the login anew from where it was set; nothing where it cannot be read. Any thread.
using login_source = std::function<std::optional<login>()>;

}  // namespace refrain::redis
