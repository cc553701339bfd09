#include "admin/plane.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "admin/json_forms.h"
#include "admin/routes.h"
#include "base/log.h"
#include "base/log_limit.h"

namespace refrain::admin {
namespace {

using base::errc;
using base::fail;

shown_fields shown_by(const http::request_head& head) {
  return {.host = head.find("host"), .origin = head.find("origin"), .authorization = head.find("authorization")};
}

/// Whoever reaches the port can be refused as often as he likes: ten lines a minute say enough.
void log_refusal(std::string_view method, const base::error& why, base::steady_time now) {
  // The table has commands in mind, where wrong usage is the user's only line; here the client is told.
  const auto level = why.code == errc::bad_usage ? base::severity::debug : base::traits_of(why.code).level;
  thread_local base::log_limit lines{10, std::chrono::seconds{60}};
  if (!base::log_enabled(level) || !lines.allows(now)) return;
  if (const auto more = lines.take_withheld(); more > 0) base::log(level, "admin: {} more were refused", more);
  base::log(level, "admin: {} refused: {}", method, why.to_string());
}

/// `{"error":{"code","message"}}`
std::string error_body(const base::error& why) {
  const boost::json::object error{{"code", text_form(base::to_string(why.code))}, {"message", text_form(why.context)}};
  return boost::json::serialize(boost::json::object{{"error", error}});
}

reply error_reply(const base::error& why, std::string_view target) {
  reply made{.status = base::traits_of(why.code).status, .body = error_body(why)};
  if (why.code == errc::unauthorized) made.headers.emplace_back("WWW-Authenticate", R"(Bearer realm="refrain admin")");
  if (why.code == errc::method_not_allowed) made.headers.emplace_back("Allow", allowed_methods(target));
  return made;
}

bool changes_something(std::string_view method) noexcept { return method != "GET" && method != "HEAD"; }

}  // namespace

base::result<std::unique_ptr<plane>> plane::open(const view& look, const base::secret& token,
                                                 const base::endpoint& where) {
  std::unique_ptr<plane> made{new plane(look, token, where)};
  made->listener_ = TRY(net::listener::open(where, {&made->home_}));
  return made;
}

plane::plane(const view& look, const base::secret& token, const base::endpoint& where)
    : view_(look), rules_{.token = token, .listen_host = where.host}, service_(std::make_shared<http::service>()) {
  service_->answer = [this](http::exchange& with) { return answer(with); };
  service_->error_body = [](const base::error& why) { return error_body(why); };
  service_->stopping = [now = look.now] { return now().draining; };
}

plane::~plane() {
  stop();
  listener_.reset();
  home_.discard();
}

void plane::start() {
  listener_->start([this](std::unique_ptr<net::connection> peer) {
    net::spawn(home_.get_executor(), http::serve_connection(service_, std::move(peer)));
  });
  thread_ = std::jthread{[this] { home_.run(); }};
}

void plane::stop() {
  home_.stop();
  if (thread_.joinable()) thread_.join();
}

handled plane::reply_to(http::exchange& with) const {
  const auto& request = with.request();
  const auto* const to = find_route(request.method, request.target);
  const bool is_open = to != nullptr && to->is_open;
  const auto verdict = is_open ? judge_host_and_origin(shown_by(request), rules_) : judge(shown_by(request), rules_);
  if (verdict != admission::allow) co_return fail(to_error(verdict));
  const auto body = co_await with.read_body(to == nullptr ? route{}.most_body : to->most_body);
  if (!body) co_return fail(body.error());
  co_return co_await perform(view_, std::string(request.method), std::string(request.target), std::string(*body));
}

net::task<> plane::answer(http::exchange& with) const {
  const auto& request = with.request();
  auto made = co_await reply_to(with);
  if (!made) {
    log_refusal(request.method, made.error(), view_.clock.steady());
    made = error_reply(made.error(), request.target);
  } else if (changes_something(request.method)) {
    base::log_info("admin: {} {}: {}", request.method, request.target, made->body);
  }
  co_await send(with, std::move(*made));
}

}  // namespace refrain::admin
