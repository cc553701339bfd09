#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cache/tenant.h"
#include "entry/recording.h"
#include "gateway/shared/site.h"
#include "http/head.h"

namespace refrain::gateway {

/// A request as it goes upstream.
struct outgoing {
  std::string_view method;
  std::string_view path;                ///< below the upstream's base URL
  std::string_view query;               ///< without the question mark
  std::optional<std::uint64_t> length;  ///< of the body; absent: none, or chunked
  bool chunked = false;
  bool websocket = false;        ///< asks to go on in WebSocket, which is between two neighbours as well
  bool cached_endpoint = false;  ///< identity encoding is asked for, directives at caches are left out
  /// Whose keys are the gateway's alone to see, in whatever field or parameter they stand; nullptr: nobody's.
  const std::map<std::string, config::client_settings>* clients = nullptr;
};

/// The head of the upstream request, written anew from parsed form (invariant 7): hop-by-hop fields and those that
/// Connection names stay behind (RFC 9110, section 7.6.1), as does what speaks to the gateway; the credential is the
/// one that `who` says; `via` is this gateway's name in the Via field.
[[nodiscard]] std::string write_head(const upstream& to, const outgoing& out, http::fields_view fields,
                                     const cache::identity& who, std::string_view via);

/// What of an upstream's answer goes on to clients: end-to-end fields, framing apart.
[[nodiscard]] entry::answer_head read_answer_head(const http::response_head& head);

/// Whether a field is between two neighbours only.
[[nodiscard]] bool is_hop_by_hop(std::string_view name) noexcept;

}  // namespace refrain::gateway
