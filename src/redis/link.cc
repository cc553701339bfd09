#include "redis/link.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

#include "redis/faults.h"

namespace refrain::redis {
namespace {

namespace asio = boost::asio;
using base::errc;
using base::fail;
using std::chrono::steady_clock;

constexpr std::size_t read_size = 64ull << 10;
constexpr std::chrono::seconds write_stall{5};

/// After so long in a TLS handshake it is looked whether the port speaks TLS at all: Redis waits there for the end of
/// what it takes for a command.
constexpr std::chrono::milliseconds silence{1000};

/// Whether a command in plain text is answered. It holds nothing of ours.
net::task<bool> answers_plain_text(net::loop& home, net::destination where) {
  where.limit = silence;
  auto stream = co_await net::dial(home, where);
  if (!stream) co_return false;
  (*stream)->limit(silence);
  static constexpr std::array<std::string_view, 1> ping{"PING\r\n"};
  const auto sent = co_await (*stream)->write(ping);
  if (!sent) co_return false;
  std::array<char, 64> some{};
  const auto count = co_await (*stream)->read_some(some);
  co_return count && *count > 0 && (some[0] == '+' || some[0] == '-');
}

base::error plain_text_port(const net::destination& where) {
  return {
      .code = errc::upstream_tls,
      .context = fmt::format("{} is a plain-text port and was spoken to by TLS: write redis:// in place of rediss:// "
                             "or leave REDIS_SSL out, or give the port that is its tls-port",
                             where.to_string()),
      .retry = true};
}

}  // namespace

link_options link_options::at(const base::endpoint& place, std::string_view name) const {
  auto there = *this;
  there.where.host = place.host;
  there.where.port = place.port;
  if (!name.empty()) there.where.other_names.emplace_back(name);
  return there;
}

/// A call's place in the queue.
struct link::slot {
  std::size_t missing = 0;
  bool abandoned = false;  ///< the caller is gone: replies are dropped
  std::vector<reply> got;
  std::optional<base::error> why;
  base::steady_time sent;
  net::executor where;
  std::move_only_function<void()> wake;

  /// The replies are still to come, and go nowhere.
  void abandon() {
    abandoned = true;
    fail_later({errc::cancelled, "the caller did not wait"});
  }
  /// The caller goes on here and now.
  void finish() {
    if (auto resume = std::exchange(wake, nullptr)) resume();
  }
  /// The caller goes on in a turn of its own, after whatever calls this.
  void fail_later(base::error fault) {
    why = std::move(fault);
    if (wake) asio::post(where, std::exchange(wake, nullptr));
  }
};

struct link::watch {
  explicit watch(net::loop& home) : timer(home.context()) {}
  asio::steady_timer timer;
  bool running = false;
};

link::link(link_options options, std::unique_ptr<net::connection> stream)
    : options_(std::move(options)), stream_(std::move(stream)), watch_(std::make_unique<watch>(stream_->home())) {}

link::~link() = default;

net::task<base::result<std::shared_ptr<link>>> link::open(net::loop& home, link_options options) {
  auto fresh = co_await open_once(home, options, false);
  if (fresh || fresh.error().code != errc::closed) co_return fresh;
  auto older = co_await open_once(home, std::move(options), true);
  if (older) co_return older;
  co_return fresh;
}

net::task<base::result<std::shared_ptr<link>>> link::open_once(net::loop& home, link_options options, bool resp2) {
  auto stream = co_await net::dial(home, options.where);
  if (!stream) co_return fail(stream.error());
  if (options.tls) {
    const auto first = std::min(options.where.limit, silence);
    auto secured = co_await net::start_tls(**stream, options.tls, options.where, first);
    const bool silent = !secured && secured.error().code == errc::upstream_timeout && first < options.where.limit;
    if (silent) {
      const bool plain = co_await answers_plain_text(home, options.where);
      if (plain) co_return fail(plain_text_port(options.where));
      stream = co_await net::dial(home, options.where);
      if (!stream) co_return fail(stream.error());
      secured = co_await net::start_tls(**stream, options.tls, options.where, options.where.limit);
    }
    if (!secured) co_return fail(secured.error());
  }
  std::shared_ptr<link> fresh{new link{std::move(options), std::move(*stream)}};
  net::spawn(home.get_executor(), read_on(fresh));
  auto greeted = co_await fresh->greet(resp2);
  if (!greeted) {
    fresh->close(greeted.error());
    co_return fail(greeted.error());
  }
  co_return fresh;
}

net::task<base::result<void>> link::greet(bool resp2) {
  handshake words{options_.who, resp2};
  while (true) {
    const auto began = steady_clock::now();
    auto sent = words.next();
    const auto said = co_await call(std::move(sent));
    if (!said) co_return fail(said.error());
    options_.limits.saw(std::chrono::floor<reply_timeout::duration>(steady_clock::now() - began));
    auto done = words.receive(*said);
    if (!done) co_return fail(done.error());
    if (!*done) continue;
    peer_ = **std::move(done);
    if (options_.opening.count() > 0 && peer_.protocol >= 3) {
      auto opening = options_.opening;
      auto opened = co_await call(std::move(opening));
      if (!opened) co_return fail(opened.error());
      peer_.opened = *std::move(opened);
    }
    greeted_ = true;
    co_return base::result<void>{};
  }
}

net::task<replies> link::call(commands request) {
  if (fault_ || retired_) co_return fail(fault_ ? *fault_ : *retired_);
  /// Abandons the slot when this coroutine ends, also where it is destroyed while it waits.
  struct slot_guard {
    std::shared_ptr<slot> mine = std::make_shared<slot>();
    ~slot_guard() { mine->abandoned = true; }
  };
  const slot_guard here;
  slot& mine = *here.mine;
  mine.missing = request.count();
  mine.sent = steady_clock::now();
  if (slots_.empty()) progress_ = mine.sent;
  slots_.push_back(here.mine);
  unsent_.append(request.wire());
  start_writing();
  start_watching();
  // The link may have closed in the calls above, before there was a handler to wake.
  if (mine.why) co_return fail(*mine.why);

  // The cancellation signal may outlive the call.
  const std::weak_ptr<slot> weak = here.mine;
  auto initiate = [&mine, weak](auto handler) {
    mine.where = asio::get_associated_executor(handler);
    if (auto cancel = asio::get_associated_cancellation_slot(handler); cancel.is_connected()) {
      cancel.assign([weak](asio::cancellation_type) {
        if (const auto still = weak.lock()) still->abandon();
      });
    }
    mine.wake = std::move(handler);
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(initiate), asio::use_awaitable);
  if (mine.why) co_return fail(*mine.why);
  co_return std::move(mine.got);
}

void link::start_writing() {
  if (std::exchange(writing_, true)) return;
  net::spawn(stream_->home().get_executor(), write_on(shared_from_this()));
}

net::task<> link::write_on(std::shared_ptr<link> self) {
  auto& all = *self;
  // Behind what the loop has to do already: all who call in this turn share one write.
  co_await asio::post(asio::use_awaitable);
  while (all.is_open() && !all.unsent_.empty()) {
    all.sending_.clear();
    all.sending_.swap(all.unsent_);
    const std::array<std::string_view, 1> piece{all.sending_};
    const auto written = co_await all.stream_->write(piece, write_stall);
    if (!written) all.close(written.error());
  }
  all.writing_ = false;
}

net::task<> link::read_on(std::shared_ptr<link> self) {
  auto& all = *self;
  /// A call holds the link and its slot holds the call: where the loop ends amid a call, this breaks the cycle.
  struct drop_wakes {
    link& from;
    ~drop_wakes() {
      for (const auto& one : std::exchange(from.slots_, {})) one->wake = nullptr;
    }
  };
  const drop_wakes at_the_end{all};
  std::vector<char> some(read_size);
  while (all.is_open()) {
    const auto count = co_await all.stream_->read_some(some);
    if (!all.is_open()) break;
    const bool ended = !count || *count == 0;
    if (auto reason = ended ? all.early_refusal() : std::nullopt) {
      all.close(*std::move(reason));
    } else if (!count) {
      all.close(count.error());
    } else if (*count == 0) {
      all.close({errc::closed, fmt::format("{} closed the connection", all.options_.where.to_string()), true});
    } else {
      all.progress_ = steady_clock::now();
      all.reader_.feed({some.data(), *count});
      if (!all.hand_out_replies()) break;
    }
  }
}

/// Why a server has hung up on us in place of a greeting, such as one that has as many clients as it takes: it answers
/// the first command alone.
std::optional<base::error> link::early_refusal() const {
  if (greeted_ || slots_.empty() || slots_.front()->got.empty()) return std::nullopt;
  const auto& said = slots_.front()->got.front();
  if (!said.is(reply_kind::error)) return std::nullopt;
  return to_error(said.text);
}

/// False where the connection has ended by what came.
bool link::hand_out_replies() {
  while (is_open()) {
    auto one = reader_.next();
    if (!one) {
      close(one.error());
      return false;
    }
    if (!*one) return true;
    hand_over(**std::move(one));
  }
  return false;
}

void link::hand_over(reply one) {
  if (one.is(reply_kind::push)) {
    if (options_.on_push) options_.on_push(one);
    return;
  }
#ifdef REFRAIN_TEETH_NO_DISCARD  // tests/soak must tell such a link from this one
  std::erase_if(slots_, [](const auto& one) { return one->abandoned; });
#endif
  if (slots_.empty()) {
    close({errc::upstream_protocol, fmt::format("{} answered what nobody asked", options_.where.to_string()), true});
    return;
  }
  slot& first = *slots_.front();
  if (!first.abandoned) first.got.push_back(std::move(one));
  if (--first.missing > 0) return;
  const auto done = std::move(slots_.front());
  slots_.pop_front();
  if (!done->abandoned) {
    options_.limits.saw(std::chrono::floor<reply_timeout::duration>(progress_ - done->sent));
    done->finish();
  }
  if (retired_ && slots_.empty()) close(*retired_);
}

void link::start_watching() {
  // It is mostly running already, and due in time.
  if (watch_->running && watch_->timer.expiry() <= progress_ + allowed()) return;
  watch_->running = true;
  look_at_clock();
}

/// How long nothing may come. Connecting is off the request's way, and no round trip is known before it.
reply_timeout::duration link::allowed() const noexcept {
  if (!greeted_) return options_.where.limit;
  return reader_.is_inside() ? options_.limits.between_bytes() : options_.limits.first_byte();
}

/// One timer for all calls: the oldest has waited longest, and what ends it ends all.
void link::look_at_clock() {
  if (!is_open() || slots_.empty()) {
    watch_->running = false;
    return;
  }
  const auto limit = allowed();
  const auto due = progress_ + limit;
  if (steady_clock::now() >= due) {
    watch_->running = false;
    const auto waited = std::chrono::floor<std::chrono::milliseconds>(limit).count();
    close({errc::upstream_timeout, fmt::format("{} took over {} ms to answer", options_.where.to_string(), waited),
           true});
    return;
  }
  watch_->timer.expires_at(due);
  watch_->timer.async_wait([weak = weak_from_this()](const boost::system::error_code& cut) {
    const auto self = cut ? nullptr : weak.lock();
    if (self) self->look_at_clock();
  });
}

void link::close(base::error why) {
  if (fault_) return;
  fault_ = std::move(why);
  stream_->close();
  watch_->timer.cancel();
  for (const auto& one : std::exchange(slots_, {})) {
    if (!one->abandoned) one->fail_later(*fault_);
  }
  if (auto ended = std::exchange(ended_, nullptr)) ended(*fault_);
}

void link::retire(base::error why) {
  if (slots_.empty()) return close(std::move(why));
  retired_ = std::move(why);
}

void link::on_close(std::function<void(const base::error& why)> ended) {
  if (fault_) {
    ended(*fault_);
  } else {
    ended_ = std::move(ended);
  }
}

}  // namespace refrain::redis
