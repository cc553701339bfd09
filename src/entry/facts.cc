#include "entry/facts.h"

#include <utility>

namespace refrain::entry {

std::string_view to_string(refusal why) noexcept {
  switch (why) {
    case refusal::none: return "";
    case refusal::cache_disabled: return "cache-disabled";
    case refusal::no_store: return "no-store";
    case refusal::encoded_body: return "encoded-body";
    case refusal::malformed_body: return "malformed-body";
    case refusal::ambiguous_body: return "ambiguous-body";
    case refusal::too_deep: return "too-deep";
    case refusal::upstream_effect: return "upstream-effect";
    case refusal::server_state: return "server-state";
    case refusal::method: return "method";
    case refusal::fetch_no_store: return "fetch-no-store";
    case refusal::status: return "status";
    case refusal::truncated: return "truncated";
    case refusal::malformed_answer: return "malformed-answer";
    case refusal::error_event: return "error-event";
    case refusal::content_filter: return "content-filter";
    case refusal::unfinished_choice: return "unfinished-choice";
    case refusal::empty_answer: return "empty-answer";
    case refusal::expiring_answer: return "expiring-answer";
    case refusal::encoded_answer: return "encoded-answer";
    case refusal::too_large: return "too-large";
    case refusal::abandoned: return "abandoned";
    case refusal::ttl_zero: return "ttl-zero";
    case refusal::purged: return "purged";
  }
  std::unreachable();
}

}  // namespace refrain::entry
