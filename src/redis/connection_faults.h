#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "net/dial.h"
#include "redis/finding.h"

namespace refrain::redis {

/// Whether a TLS error may come from a port that speaks something else: its handshake was answered with no TLS, or
/// with nothing.
[[nodiscard]] bool may_be_no_tls(const base::error& why) noexcept;

/// What a failed connection means, told from the error of net::dial, net::start_tls or link::open, and what to do:
/// refused, no such name, no answer, a certificate that has expired or is not known... Pure.
[[nodiscard]] finding explain(const base::error& why, std::string what, std::string_view place);

}  // namespace refrain::redis
