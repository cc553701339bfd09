#include "gateway/reply.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "cache/directives.h"

namespace refrain::gateway {
namespace {

using base::errc;

/// A client that asks again gets another answer, or may: the SDKs' own judgement stands.
bool may_mend_itself(errc code) noexcept {
  switch (code) {
    case errc::upstream_unreachable:
    case errc::upstream_timeout:
    case errc::upstream_closed:
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

bool is_kept(std::string_view name, const transaction& now) {
  return is_for_all(name) ||
         std::ranges::any_of(now.where.endpoint->wire.kept_headers(),
                             [name](std::string_view kept) { return base::equal_ignoring_case(name, kept); });
}

http::reply_head head_of_error(http::exchange& with, const base::error& why) {
  http::reply_head head{.status = base::traits_of(why.code).status, .fields = {}};
  head.add("Date", http::date_now());
  head.add("Content-Type", "application/json");
  head.add("x-refrain-error", base::to_string(why.code));
  if (why.code == errc::draining) {
    head.add("Retry-After", "1");
    with.close_after();
  }
  if (!may_mend_itself(why.code)) head.add("x-should-retry", "false");
  return head;
}

}  // namespace

net::task<> send_error(http::exchange& with, const provider::family& family, base::error why) {
  const auto head = head_of_error(with, why);
  const auto body = family.error_body(why);
  (void)co_await with.send(head, std::string_view{body});
}

net::task<> send_error(transaction& now, base::error why) {
  auto head = head_of_error(now.with, why);
  // A request that was refused while it was read has no key yet.
  const auto key = now.id.digest == base::digest256{} ? std::string{} : now.id.digest.hex();
  if (now.where.endpoint != nullptr && now.known) {
    now.result = now.plan.asked;
    now.saved.reset();
    add_cache_fields(
        head, now,
        {.fwd = cache::forward_reason(now.plan, now.found), .key = key, .detail = base::to_string(why.code)});
  }
  const auto body = now.where.to->family->error_body(why);
  (void)co_await now.with.send(head, std::string_view{body});
}

void add_cache_fields(http::reply_head& head, const transaction& now, const cache::cache_status& status) {
  head.add("Cache-Control", "private, no-store");
  head.add("x-refrain-cache", entry::to_string(now.result));
  if (!status.key.empty()) head.add("x-refrain-key", status.key);
  if (now.saved) head.add("x-refrain-saved-usd", entry::to_string(*now.saved));
  head.fields.append("Cache-Status: ");
  cache::append_cache_status(head.fields, status);
  head.fields.append("\r\n");
}

http::reply_head reply_head_of(const entry::answer_head& from, const transaction& now, bool kept_only) {
  http::reply_head head{.status = from.status, .fields = {}};
  if (!from.content_type.empty()) head.add("Content-Type", from.content_type);
  const bool cached = now.where.endpoint != nullptr;
  for (const auto& [name, value] : from.fields) {
    // A gateway upstream speaks for itself alone.
    if (cache::is_own_header(name)) continue;
    if (cached && base::equal_ignoring_case(name, "cache-control")) continue;
    if (kept_only && !is_kept(name, now)) continue;
    head.add(name, value);
  }
  return head;
}

}  // namespace refrain::gateway
