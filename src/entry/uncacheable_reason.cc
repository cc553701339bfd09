#include "entry/uncacheable_reason.h"

#include <utility>

namespace refrain::entry {

std::string_view to_string(uncacheable_reason why) noexcept {
  using enum uncacheable_reason;
  switch (why) {
    case none: return "";
    case cache_disabled: return "cache-disabled";
    case no_store: return "no-store";
    case encoded_body: return "encoded-body";
    case malformed_body: return "malformed-body";
    case ambiguous_body: return "ambiguous-body";
    case too_deep: return "too-deep";
    case upstream_effect: return "upstream-effect";
    case server_state: return "server-state";
    case method: return "method";
    case fetch_no_store: return "fetch-no-store";
    case temperature: return "temperature";
    case large_request: return "large-request";
    case status: return "status";
    case truncated: return "truncated";
    case malformed_answer: return "malformed-answer";
    case error_event: return "error-event";
    case content_filter: return "content-filter";
    case unfinished_choice: return "unfinished-choice";
    case empty_answer: return "empty-answer";
    case expiring_answer: return "expiring-answer";
    case encoded_answer: return "encoded-answer";
    case too_large: return "too-large";
    case abandoned: return "abandoned";
    case ttl_zero: return "ttl-zero";
    case purged: return "purged";
  }
  std::unreachable();
}

}  // namespace refrain::entry
