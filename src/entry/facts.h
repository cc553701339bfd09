#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "entry/entry.h"

namespace refrain::entry {

/// Why the cache stands aside for a request, or an answer is not stored: `detail` of Cache-Status, metric label, log.
enum class refusal : std::uint8_t {
  none,
  // The request.
  cache_disabled,   ///< cache.enabled = false
  no_store,         ///< the request says so
  encoded_body,     ///< Content-Encoding on the request: its content is unknown
  malformed_body,   ///< not JSON, or not the shape of this endpoint: the upstream shall say what is wrong
  ambiguous_body,   ///< duplicate members, invalid UTF-8, lone surrogates: two parsers may read it differently
  too_deep,         ///< nested deeper than 128
  upstream_effect,  ///< `store: true` and the like: asking has an effect that a replay would not have
  server_state,     ///< refers to, or answers with, state that the provider keeps for a time
  method,           ///< not the method that this endpoint caches
  fetch_no_store,   ///< `fetch`'s artefact, where the operator honours it
  // The answer.
  status,             ///< not 200
  truncated,          ///< ended before its terminator or its declared length
  malformed_answer,   ///< not what the endpoint answers with
  error_event,        ///< an error inside a 200 stream
  content_filter,     ///< a choice was cut by the provider's filter
  unfinished_choice,  ///< a choice without a finish reason
  empty_answer,       ///< nothing in it
  expiring_answer,    ///< holds links that the provider takes away before long
  encoded_answer,     ///< Content-Encoding although identity was asked for
  too_large,          ///< over the entry cap or the memory for fills
  abandoned,          ///< no client left and the limits for unattended fills reached
  ttl_zero,           ///< a TTL of nothing
  purged,             ///< a purge came while it was being fetched
};

/// Spelt with dashes: "no-store", "content-filter". Empty for none.
[[nodiscard]] std::string_view to_string(refusal why) noexcept;

/// What a request's body asks of the cache (LiteLLM's member `cache`); stripped before forwarding.
struct body_wishes {
  bool present = false;  ///< the member stands in the body, whatever it says
  std::optional<std::chrono::seconds> ttl;
  std::optional<std::chrono::seconds> max_age;  ///< its `s-maxage`
  bool no_cache = false;
  bool no_store = false;
  std::string name_space;

  friend bool operator==(const body_wishes&, const body_wishes&) = default;
};

/// What a dialect reads from a request. The same body bytes on the same endpoint always give the same facts.
struct facts {
  refusal why_not = refusal::none;  ///< set: forward it, do not cache it
  std::string model;
  wire_form form = wire_form::plain;        ///< what the client asked for
  bool wants_usage = false;                 ///< streams: the client asked for the usage event
  std::string query;                        ///< the last text that a person wrote, shortened
  std::optional<std::uint64_t> characters;  ///< of the text to be spoken: see token_usage
  std::string place;                        ///< see entry_id
  std::string suffix;
  bool target_in_content = false;       ///< `content` covers path and query too, as far as they are to be keyed
  bool bound_to_account = false;        ///< the answer holds ids that work for one upstream account alone
  bool exact_only = false;              ///< it stands on what its text does not show: similar texts are no match
  base::digest256 content;              ///< digest of the canonical body less the dialect's denylist; not keyed
  std::vector<field_digest> fields;     ///< of each keyed member; not keyed, so never shown outside sealed metas
  std::optional<base::digest256> user;  ///< of the member `user`, where the dialect leaves it out of the key
  body_wishes wishes;

  friend bool operator==(const facts&, const facts&) = default;
};

}  // namespace refrain::entry
