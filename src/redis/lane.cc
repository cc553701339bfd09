#include "redis/lane.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <string_view>
#include <utility>

#include "redis/faults.h"

namespace refrain::redis {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using base::errc;
using base::fail;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A link that lived for so long is replaced at once; one that ended earlier would be made again and again.
constexpr milliseconds lasting = 1s;

/// Whether an error reply says that the server cannot serve anyone for now.
bool is_out_of_service(const reply& said) {
  static constexpr std::string_view classes[]{"LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN"};
  return said.is(reply_kind::error) && std::ranges::find(classes, said.error_class()) != std::end(classes);
}

}  // namespace

struct lane::pause {
  explicit pause(net::loop& home) : timer(home.context()) {}
  asio::steady_timer timer;
};

lane::lane(net::loop& home, lane_options options, lane_report report)
    : home_(home),
      options_(std::move(options)),
      report_(std::move(report)),
      backoff_(options_.spare ? full_server::is_left_alone : full_server::is_tried_on),
      fault_{errc::store_unavailable, "it is not connected yet", true},
      pause_(std::make_unique<pause>(home)) {}

lane::~lane() = default;

void lane::start() { net::spawn(home_.get_executor(), keep(shared_from_this())); }

void lane::stop() {
  stopped_ = true;
  report_ = nullptr;
  const auto open = now_;
  set_link(nullptr);
  if (open) open->close({errc::closed, "the store is closed"});
  pause_->timer.cancel();
}

void lane::stop_soon() {
  asio::post(home_.get_executor(), [self = shared_from_this()] { self->stop(); });
}

void lane::set_link(std::shared_ptr<link> open) {
  now_ = std::move(open);
  linked_at_ = steady_clock::now();
  up_ = now_ != nullptr;
}

net::task<replies> lane::call(commands request) {
  const auto through = now_;
  if (!through) co_return fail(fault_);
  const auto self = shared_from_this();
  auto said = co_await through->call(std::move(request));
  judge(said);
  co_return said;
}

void lane::distrust() {
  if (now_) now_->close({errc::upstream_protocol, "a reply was not the one that was asked for", true});
}

void lane::judge(const replies& said) {
  if (!said && said.error().code == errc::cancelled) return;
  const auto now = steady_clock::now();
  if (said && std::ranges::none_of(*said, is_out_of_service)) {
    breaker_.succeeded(now);
    return;
  }
  breaker_.failed(now);
  if (!breaker_.is_open() || !now_ || !said) return;
  const auto bad = std::ranges::find_if(*said, is_out_of_service);
  now_->close(to_error(bad->text));
}

net::task<base::result<std::shared_ptr<link>>> lane::connect() {
  auto opened = co_await link::open(home_, options_.to);
  if (!opened && is_refusal(opened.error()) && options_.reread) {
    const auto fresh = options_.reread();
    if (fresh && *fresh != options_.to.who) {
      options_.to.who = *fresh;
      opened = co_await link::open(home_, options_.to);
    }
  }
  if (!opened || !options_.to_primary) co_return opened;
  const auto& role = (*opened)->peer().role;
  if (role.empty() || role == "master") co_return opened;
  auto why = to_error("READONLY");
  (*opened)->close(why);
  co_return fail(std::move(why));
}

net::task<> lane::keep(std::shared_ptr<lane> self) {
  auto& all = *self;
  while (!all.stopped_) {
    steady_clock::duration lived{0};
    auto opened = co_await all.connect();
    if (all.stopped_) {
      if (opened) (*opened)->close({errc::closed, "the store is closed"});
      break;
    }
    if (opened) {
      all.set_link(*opened);
      all.breaker_.close();
      all.backoff_.reached();
      all.report(all.now_->peer());
      const auto began = steady_clock::now();
      opened = nullptr;
      co_await all.serve_to_the_end();
      if (all.stopped_) break;
      lived = steady_clock::now() - began;
    } else {
      all.fault_ = opened.error();
      all.breaker_.failed(steady_clock::now());
    }
    all.report(fail(all.fault_));
    if (lived < lasting || all.breaker_.is_open()) {
      const auto pause = all.backoff_.after(all.fault_);
      co_await all.wait(pause);
    }
  }
}

net::task<> lane::serve_to_the_end() {
  while (!stopped_ && now_) {
    auto open = now_;
    co_await wait_for_end(std::move(open));
    if (!stopped_ && now_ && renewing_) co_await replace();
    renewing_ = false;
  }
}

/// Whether or not it finds another, somebody serves meanwhile.
net::task<> lane::replace() {
  const auto old = now_;
  auto fresh = co_await connect();
  if (!fresh) co_return;
  if (stopped_ || now_ != old) {
    (*fresh)->close({errc::closed, "it is not needed any more"});
    co_return;
  }
  old->on_close(nullptr);
  set_link(*std::move(fresh));
  old->retire({errc::closed, "a new connection stands in its place", true});
  auto told = now_->peer();
  told.renewed = true;
  report(std::move(told));
}

void lane::renew() {
  if (!now_ || renewing_ || steady_clock::now() - linked_at_ < lasting) return;
  renewing_ = true;
  pause_->timer.cancel();
}

net::task<> lane::wait_for_end(std::shared_ptr<link> open) {
  pause_->timer.expires_at(asio::steady_timer::time_point::max());
  open->on_close([weak = weak_from_this()](const base::error& why) {
    const auto self = weak.lock();
    if (!self) return;
    self->set_link(nullptr);
    self->fault_ = why;
    self->pause_->timer.expires_at(asio::steady_timer::time_point::min());
  });
  open = nullptr;
  (void)co_await pause_->timer.async_wait(asio::as_tuple(asio::use_awaitable));
  // The calls that failed with the link run first: they report to the breaker, which is asked next.
  co_await wait(0ms);
}

net::task<> lane::wait(milliseconds pause) {
  pause_->timer.expires_after(pause);
  (void)co_await pause_->timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

void lane::report(base::result<greeting> now) {
  if (report_) report_(now);
}

}  // namespace refrain::redis
