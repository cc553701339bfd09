#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "http/head.h"

namespace refrain::cache {

/// Query parameters in which providers take a credential. Give them as `key_parts::left_out` where their values took
/// part in `identify`, so that a named client's answers outlive a change of key; left in the key they only part what
/// could be shared.
inline constexpr std::array<std::string_view, 5> credential_parameters{"key", "api_key", "api-key", "apikey",
                                                                       "access_token"};

/// Everything of a request that can change its answer (invariant 5). The views live as long as the call.
struct key_parts {
  base::digest256 upstream;                             ///< upstream_identity, made once for each upstream
  std::string_view endpoint;                            ///< `chat.completions`
  std::string_view path;                                ///< below the base URL
  std::string_view query;                               ///< raw
  std::span<const std::string_view> left_out{};         ///< query parameters that are no part of it
  base::digest256 content;                              ///< entry::parsed_request::content
  base::digest256 tenant;                               ///< tenant::tag
  std::string_view name_space;                          ///< empty for none
  std::span<const std::string> ignored{};               ///< members that the client wants left out of `content`
  http::fields_view headers;                            ///< all of the request's
  std::span<const std::string_view> dialect_headers{};  ///< dialect::key_headers
  std::span<const std::string> operator_headers{};      ///< cache.key_headers, in any case
  const base::digest256* user = nullptr;                ///< where cache.key_user asks for it
  const base::digest256* account = nullptr;             ///< endpoints whose answers live in one upstream account
};

/// Who is asked: two upstreams share entries only where both name and base URL are the same. `base_url` is compared as
/// a URL: letter case of scheme and host, a default port, a closing slash make no difference.
[[nodiscard]] base::digest256 upstream_identity(std::string_view name, std::string_view base_url);

/// Adds a query to a key: its parameters in the order, and with the percent-encoding, of base/query.h.
/// `left_out`: parameters that are no part of the key, by their decoded names.
void add_query(base::digest_input& key, std::string_view query, std::span<const std::string_view> left_out);

/// Makes the digest that names an entry. Immutable: any thread.
class key_maker {
 public:
  explicit key_maker(base::digester digests) : digests_(std::move(digests)) {}

  [[nodiscard]] base::digest256 operator()(const key_parts& parts) const;

 private:
  base::digester digests_;
};

}  // namespace refrain::cache
