#include "gateway/assemble/reply.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cache/directives.h"

namespace refrain::gateway {
namespace {

using base::errc;

/// A client that asks again gets another answer, or may: the SDKs' own judgement stands.
bool may_pass(errc code) noexcept {
  switch (code) {
    case errc::upstream_unreachable:
    case errc::upstream_timeout:
    case errc::upstream_closed:
    case errc::upstream_protocol:
    case errc::draining:
    case errc::overloaded:
    case errc::internal: return true;
    default: return false;
  }
}

/// What a follower needs to read the answer, and to know when to ask again.
bool is_for_all(std::string_view name) {
  static constexpr std::array<std::string_view, 6> names{"date",        "content-encoding", "content-language",
                                                         "retry-after", "retry-after-ms",   "x-should-retry"};
  return std::ranges::any_of(names, [name](std::string_view one) { return base::equal_ignoring_case(name, one); });
}

bool is_kept(std::string_view name, const ask& request) {
  return is_for_all(name) || std::ranges::any_of(request.wire().kept_headers(), [name](std::string_view kept) {
           return base::equal_ignoring_case(name, kept);
         });
}

}  // namespace

reply refusal(const ask& request, const base::error& why, std::optional<cache::freshness> freshness) {
  reply made{.head = {.status = base::traits_of(why.code).status, .fields = {}}, .refused = why.code};
  auto& head = made.head;
  head.add("Date", http::date_now());
  head.add("Content-Type", "application/json");
  head.add("x-refrain-error", base::to_string(why.code));
  if (why.code == errc::draining) {
    head.add("Retry-After", "1");
    made.closes = true;
  }
  if (!may_pass(why.code)) head.add("x-should-retry", "false");
  if (request.parsed) {
    made.outcome = request.plan.asked;
    // A request that was refused while it was parsed has no key yet.
    const auto key = request.shown_key();
    add_cache_fields(
        made, {.fwd = cache::forward_reason(request.plan, freshness), .key = key, .detail = base::to_string(why.code)});
  }
  // One that found no upstream gets the shape of the family that most clients speak.
  const auto& family = request.where.to != nullptr ? *request.where.to->family : provider::families().front();
  auto body = std::make_shared<const std::string>(family.error_body(why));
  made.pieces = {*body};
  made.owner = std::move(body);
  return made;
}

void add_cache_fields(reply& to, const cache::cache_status& status) {
  auto& head = to.head;
  head.add("Cache-Control", "private, no-store");
  head.add("x-refrain-cache", entry::to_string(to.outcome));
  if (!status.key.empty()) head.add("x-refrain-key", status.key);
  if (to.saved) head.add("x-refrain-saved-usd", entry::to_string(*to.saved));
  head.fields.append("Cache-Status: ");
  cache::append_cache_status(head.fields, status);
  head.fields.append("\r\n");
}

void open_to_origin(http::reply_head& head, const ask& request) {
  if (request.origin.empty()) return;
  head.add("Access-Control-Allow-Origin", request.origin);
  head.add("Access-Control-Expose-Headers", "*");
  head.add("Vary", "Origin");
}

reply answer_to_preflight(const ask& request) {
  reply made{.head = {.status = 204, .fields = {}}};
  auto& head = made.head;
  head.add("Date", http::date_now());
  head.add("Access-Control-Allow-Methods", request.head->find("access-control-request-method").value_or(""));
  if (const auto fields = request.head->find("access-control-request-headers")) {
    head.add("Access-Control-Allow-Headers", *fields);
  }
  if (request.head->find("access-control-request-private-network")) {
    head.add("Access-Control-Allow-Private-Network", "true");
  }
  head.add("Access-Control-Max-Age", "600");
  return made;
}

http::reply_head head_of_answer(const ask& request, const entry::answer_head& from, bool kept_only) {
  http::reply_head head{.status = from.status, .fields = {}};
  head.fields.reserve(512);
  if (!from.content_type.empty()) head.add("Content-Type", from.content_type);
  const bool cached = request.where.endpoint != nullptr;
  for (const auto& [name, value] : from.fields) {
    // A gateway upstream speaks for itself alone.
    if (cache::is_own_header(name) || base::starts_with_ignoring_case(name, "access-control-")) continue;
    if (cached && base::equal_ignoring_case(name, "cache-control")) continue;
    // An SDK would show it with its next request, and a cookie that a client shows says who it is.
    if (cached && base::equal_ignoring_case(name, "set-cookie")) continue;
    if (kept_only && !is_kept(name, request)) continue;
    head.add(name, value);
  }
  return head;
}

}  // namespace refrain::gateway
