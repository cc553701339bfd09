#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "net/tls.h"
#include "redis/address.h"

namespace refrain::redis {

/// What a server's certificate is held against: what the address options, and `others` where it says nothing. nullptr
/// for an address without TLS. Errors: those of net::tls_context::for_clients.
[[nodiscard]] base::result<std::shared_ptr<net::tls_context>> trust_of(const address& there, const tls_options& others);

/// What is to be said of an address that others on the way can read along with; empty where there is nothing to say.
[[nodiscard]] std::string plain_text_warning(const address& there);

}  // namespace refrain::redis
