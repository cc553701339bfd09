#include "redis/trust.h"

#include <fmt/format.h>

#include <algorithm>

namespace refrain::redis {

base::result<std::shared_ptr<net::tls_context>> trust_of(const address& there, const tls_options& others) {
  if (!there.tls) return nullptr;
  const auto tls = there.tls_settings.or_else(others);
  return net::tls_context::for_clients({.ca_file = tls.ca_file,
                                        .certificate_file = tls.certificate_file,
                                        .key_file = tls.key_file,
                                        .verify = tls.verify.value_or(true),
                                        .check_host = tls.check_host.value_or(true)});
}

std::string plain_text_warning(const address& there) {
  if (there.tls) return {};
  const auto is_far = [](const base::endpoint& one) { return !one.is_loopback(); };
  const auto far = std::ranges::find_if(there.hosts, is_far);
  if (far == there.hosts.end()) return {};
  return fmt::format(
      "{} is another machine and not spoken to by TLS: answers and the password can be read on the way; "
      "use rediss:// where the server takes it",
      far->host);
}

}  // namespace refrain::redis
