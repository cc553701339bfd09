#include "http/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.h"
#include "base/text.h"

namespace refrain::http {
namespace {

using base::errc;
using base::fail;

constexpr std::size_t read_size = 16 << 10;

/// Interim answers before the real one.
constexpr int most_interim = 32;

}  // namespace

std::string route::pool_key() const {
  std::string key{tls ? "tls " : ""};
  key.append(host).append(1, ':').append(std::to_string(port));
  if (proxy) key.append(" by ").append(proxy->origin());
  return key;
}

call::call(client& from, std::string pool_key, std::unique_ptr<net::connection> over, bool reused)
    : from_(from), pool_key_(std::move(pool_key)), over_(std::move(over)), reused_(reused) {}

call::~call() {
  const bool clean = sent_ && headed_ && head_.keep_alive && body_.done() && arrived_.empty() && later_.empty();
  if (clean && over_->is_open()) from_.keep(pool_key_, std::move(over_));
}

net::task<base::result<void>> call::write(std::string_view first, std::string_view second, std::string_view third) {
  const std::string_view pieces[]{first, second, third};
  const auto done = co_await over_->write(pieces, from_.limits().idle);
  if (!done) co_return fail(fault(done.error()));
  co_return base::result<void>{};
}

net::task<base::result<const response_head*>> call::read_head(bool to_head) {
  over_->limit(from_.limits().first_byte);
  auto read = co_await read_head_in_time(to_head);
  over_->clear_limit();
  co_return read;
}

net::task<base::result<const response_head*>> call::read_head_in_time(bool to_head) {
  std::size_t scanned = 0;
  for (int interim = 0; interim <= most_interim;) {
    const auto size = measure_head(arrived_.view(), scanned, from_.limits().head);
    if (!size) co_return fail(errc::upstream_protocol, size.error().context);
    if (*size > 0) {
      const auto read = parse_response_head(arrived_.view().substr(0, *size), from_.limits().head, to_head, head_);
      if (!read) co_return fail(errc::upstream_protocol, read.error().context);
      arrived_.consume(*size);
      const bool switches = head_.status == switching_protocols;
      if (switches && !may_switch_) {
        co_return fail(errc::upstream_protocol, "the upstream changes the protocol, which nobody asked for");
      }
      if (head_.status / 100 == 1 && !switches) {
        scanned = 0;
        ++interim;
        continue;
      }
      headed_ = true;
      body_ = body_decoder{head_};
      co_return &head_;
    }
    const auto space = arrived_.space(read_size);
    const auto count = co_await over_->read_some(space);
    if (!count) co_return fail(fault(count.error()));
    if (*count == 0) co_return fail(fault({.code = errc::closed, .context = "it closed the connection"}));
    heard_ = true;
    arrived_.commit(*count);
  }
  co_return fail(errc::upstream_protocol, "the upstream sends interim answers without end");
}

net::task<base::result<std::string_view>> call::read_some() {
  while (!body_.done()) {
    auto& from = arrived_.empty() ? later_ : arrived_;
    const auto step = body_.feed(from.view());
    if (!step) co_return fail(errc::upstream_protocol, step.error().context);
    from.consume(step->consumed);
    if (!step->content.empty()) co_return step->content;
    if (body_.done()) break;
    const auto more = co_await fill();
    if (!more) co_return fail(more.error());
    if (!*more) {
      if (const auto ended = body_.end_of_stream(); !ended) co_return fail(fault(ended.error()));
    }
  }
  co_return std::string_view{};
}

net::task<> call::end_writing() { return over_->end_writing(from_.limits().idle); }

bool call::at_end() {
  if (body_.done()) return true;
  // Framing after the last content, such as the last chunk's line, may be here already.
  auto& from = arrived_.empty() ? later_ : arrived_;
  auto ahead = body_;
  const auto step = ahead.feed(from.view());
  if (!step || !step->content.empty() || !ahead.done()) return false;
  body_ = ahead;
  from.consume(step->consumed);
  return true;
}

net::task<base::result<bool>> call::fill() {
  // `arrived_` must not grow, since the head's views point into it: what is left of it moves to `later_`.
  if (!arrived_.empty()) {
    const auto rest = arrived_.view();
    std::ranges::copy(rest, later_.space(rest.size()).data());
    later_.commit(rest.size());
    arrived_.consume(rest.size());
  }
  const auto space = later_.space(read_size);
  // After a switch of protocols the caller, which reads both sides, sets the limits.
  if (head_.status != switching_protocols) over_->limit(from_.limits().idle);
  const auto count = co_await over_->read_some(space);
  over_->clear_limit();
  if (!count) co_return fail(fault(count.error()));
  later_.commit(*count);
  co_return *count > 0;
}

base::error call::fault(base::error why) const {
  if (over_->timed_out()) return {.code = errc::upstream_timeout, .context = "the upstream did not answer in time"};
  return {.code = errc::upstream_closed,
          .context = fmt::format("the connection to the upstream broke: {}", why.context),
          .retry = reused_ && !heard_};
}

client::client(net::loop& home, client_limits limits, std::shared_ptr<net::tls_context> trust)
    : home_(home), limits_(limits), trust_(std::move(trust)) {}

net::task<base::result<std::unique_ptr<call>>> client::open(route where, bool fresh) {
  auto pool_key = where.pool_key();
  if (!fresh) {
    if (auto kept = pop_kept(pool_key)) {
      co_return std::make_unique<call>(*this, std::move(pool_key), std::move(kept), true);
    }
  }
  auto made = co_await connect(std::move(where));
  if (!made) co_return fail(made.error());
  co_return std::make_unique<call>(*this, std::move(pool_key), std::move(*made), false);
}

client::connection_ptr client::pop_kept(const std::string& pool_key) {
  auto& all = kept_[pool_key];
  // The one used last first, so that connections that are not needed reach their time limit. Whatever came since its
  // answer's end is still there to be read.
  while (!all.empty()) {
    auto one = std::move(all.back());
    all.pop_back();
    if (!one->is_quiet()) continue;
    one->clear_limit();
    return one;
  }
  return nullptr;
}

void client::close() noexcept {
  closed_ = true;
  kept_.clear();
}

void client::keep(const std::string& pool_key, connection_ptr one_more) {
  if (closed_ || limits_.kept_per_origin == 0) return;
  auto& all = kept_[pool_key];
  std::erase_if(all, [](const connection_ptr& one) { return !one->is_open(); });
  if (all.size() >= limits_.kept_per_origin) all.pop_front();
  one_more->limit(limits_.kept);
  all.push_back(std::move(one_more));
}

net::task<base::result<client::connection_ptr>> client::connect(route where) {
  const bool by_proxy = where.proxy.has_value();
  net::destination target{.host = where.host, .port = where.port, .limit = limits_.connect};
  auto first_hop = target;
  if (by_proxy) {
    first_hop.host = where.proxy->host;
    first_hop.port = where.proxy->port;
  }
  auto made = co_await net::dial(home_, std::move(first_hop));
  if (!made) co_return fail(made.error());
  if (by_proxy) {
    const auto open = co_await tunnel(**made, *where.proxy, where);
    if (!open) co_return fail(open.error());
  }
  if (where.tls) {
    const auto safe = co_await net::start_tls(**made, trust_, std::move(target), limits_.connect);
    if (!safe) co_return fail(safe.error());
  }
  co_return std::move(*made);
}

net::task<base::result<void>> client::tunnel(net::connection& over, base::url proxy, route where) {
  const auto target = fmt::format("{}:{}", where.host.contains(':') ? "[" + where.host + "]" : where.host, where.port);
  auto request = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", target);
  if (!proxy.userinfo.empty()) {
    const auto credentials = base::percent_decode(proxy.userinfo).value_or(proxy.userinfo);
    request += fmt::format("Proxy-Authorization: Basic {}\r\n", base::base64_encode(credentials));
  }
  request += "\r\n";

  over.limit(limits_.connect);
  const std::string_view pieces[]{request};
  const auto asked = co_await over.write(pieces, limits_.connect);
  std::string answer;
  std::size_t scanned = 0;
  while (asked) {
    const auto size = measure_head(answer, scanned, limits_.head);
    if (!size) break;
    response_head head;
    if (*size > 0) {
      over.clear_limit();
      const auto read = parse_response_head(answer, limits_.head, true, head);
      if (read && head.status / 100 == 2 && *size == answer.size()) co_return base::result<void>{};
      co_return fail(errc::upstream_unreachable, fmt::format("the proxy {} does not open a tunnel to {}: status {}",
                                                             proxy.origin(), target, head.status));
    }
    // Nothing can be read too much: the target says nothing before the client does.
    char space[512];
    const auto count = co_await over.read_some(space);
    if (!count || *count == 0) break;
    answer.append(space, *count);
  }
  co_return fail(over.timed_out() ? errc::upstream_timeout : errc::upstream_unreachable,
                 fmt::format("the proxy {} did not answer", proxy.origin()));
}

}  // namespace refrain::http
