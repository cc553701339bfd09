#include "gateway/ask/ask.h"

namespace refrain::gateway {

provider::request_view ask::view() const {
  return {
      .path = where.path, .query = where.query, .body = body, .content_type = head->find("content-type").value_or("")};
}

bool asks_for_usage(const ask& request) noexcept {
  return request.where.to->ask_usage && request.parsed->why_not == entry::uncacheable_reason::none;
}

}  // namespace refrain::gateway
