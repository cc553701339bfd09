#include "admin/api.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "admin/json_forms.h"
#include "admin/routes.h"
#include "base/log.h"
#include "base/log_limit.h"

namespace refrain::admin {
namespace {

using base::errc;

constexpr std::string_view front_page =
    "This is the admin plane of Refrain, a caching gateway for LLM and speech APIs.\n"
    "\n"
    "Its JSON API begins at /api/health and wants 'Authorization: Bearer TOKEN'. The token is admin.token, or else\n"
    "stands in the file admin-token of Refrain's state folder: $XDG_STATE_HOME/refrain, usually\n"
    "~/.local/state/refrain.\n"
    "\n"
    "On a terminal: refrain stats, refrain entries, refrain purge.\n";

visit visit_of(const http::request_head& head) {
  return {.host = head.find("host"), .origin = head.find("origin"), .authorization = head.find("authorization")};
}

bool is_front_page(const http::request_head& head) noexcept {
  return head.target == "/" && (head.method == "GET" || head.method == "HEAD");
}

http::reply_head head_of(int status, std::string_view type) {
  http::reply_head head{.status = status, .fields = {}};
  head.add("Date", http::date_now());
  head.add("Content-Type", type);
  head.add("Cache-Control", "no-store");
  head.add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  head.add("X-Content-Type-Options", "nosniff");
  head.add("Referrer-Policy", "no-referrer");
  head.add("Cross-Origin-Resource-Policy", "same-origin");
  return head;
}

/// Whoever reaches the port can be refused as often as he likes: ten lines a minute say enough.
void tell_refusal(std::string_view method, const base::error& why, base::steady_time now) {
  // The table has commands in mind, where wrong usage is the user's only line; here the client is told.
  const auto level = why.code == errc::bad_usage ? base::severity::debug : base::traits_of(why.code).level;
  thread_local base::log_limit lines{10, std::chrono::seconds{60}};
  if (!base::log_enabled(level) || !lines.allows(now)) return;
  if (const auto more = lines.take_withheld(); more > 0) base::log(level, "admin: {} more were refused", more);
  base::log(level, "admin: {} refused: {}", method, why.to_string());
}

net::task<> send_error(http::exchange& with, base::error why, base::steady_time now) {
  tell_refusal(with.request().method, why, now);
  auto head = head_of(base::traits_of(why.code).status, "application/json");
  if (why.code == errc::unauthorized) head.add("WWW-Authenticate", R"(Bearer realm="refrain admin")");
  if (why.code == errc::method_not_allowed) head.add("Allow", allowed_methods(with.request().target));
  const auto body = error_body(why);
  (void)co_await with.send(head, std::string_view{body});
}

net::task<> send_front_page(http::exchange& with) {
  const auto head = head_of(200, "text/plain; charset=utf-8");
  (void)co_await with.send(head, front_page);
}

}  // namespace

net::task<> api::answer(http::exchange& with) const {
  const auto& request = with.request();
  const auto now = view_.shared.clock.steady();
  const bool front = is_front_page(request);
  const auto verdict = front ? judge_place(visit_of(request), door_) : judge(visit_of(request), door_);
  if (verdict != admission::allow) {
    co_await send_error(with, to_error(verdict), now);
    co_return;
  }
  if (front) {
    co_await send_front_page(with);
    co_return;
  }
  const auto body = co_await with.read_body(most_body(request.method, request.target));
  if (!body) {
    co_await send_error(with, body.error(), now);
    co_return;
  }
  auto given = co_await perform(view_, std::string(request.method), std::string(request.target), std::string(*body));
  if (!given) {
    co_await send_error(with, std::move(given).error(), now);
    co_return;
  }
  if (request.method != "GET" && request.method != "HEAD") {
    base::log_info("admin: {} {}: {}", request.method, request.target, *given);
  }
  const auto head = head_of(200, "application/json");
  (void)co_await with.send(head, std::string_view{*given});
}

std::string error_body(const base::error& why) {
  const boost::json::object error{{"code", text_form(base::to_string(why.code))}, {"message", text_form(why.context)}};
  return boost::json::serialize(boost::json::object{{"error", error}});
}

}  // namespace refrain::admin
