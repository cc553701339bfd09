#include "redis/node.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <ranges>
#include <utility>

namespace refrain::redis {
namespace {

namespace asio = boost::asio;

net::task<replies> call_there(std::shared_ptr<lane> through, commands request) {
  co_return co_await through->call(std::move(request));
}

net::task<replies> call_elsewhere(std::shared_ptr<lane> through, commands request) {
  auto there = call_there(through, std::move(request));
  // A caller who leaves waits for the reply's end: a signal from another thread may come while the call ends, and
  // Asio's co_spawn then gives it to what is gone.
  auto unsignalled = asio::bind_cancellation_slot(asio::cancellation_slot{}, asio::use_awaitable);
  co_return co_await asio::co_spawn(through->home().get_executor(), std::move(there), unsignalled);
}

}  // namespace

node::node(net::loop& home, const node_options& options, lane_report report)
    : where_{.host = options.lane.to.where.host, .port = options.lane.to.where.port}, loops_(options.readers) {
  auto reading = options.lane;
  auto writing = reading;
  reading.spare = true;
  writing.to.opening = options.opening;
  writing.to.on_push = options.on_push;
  writer_ = std::make_shared<lane>(home, std::move(writing), std::move(report));
  if (options.connections > 2) bulk_ = std::make_shared<lane>(home, reading, nullptr);
  const std::size_t left = options.connections - 1 - (bulk_ ? 1 : 0);
  for (auto* const loop : loops_ | std::views::take(left)) {
    readers_.push_back(std::make_shared<lane>(*loop, reading, nullptr));
  }
  for (const auto& one : all()) one->start();
}

std::vector<std::shared_ptr<lane>> node::all() const {
  std::vector<std::shared_ptr<lane>> lanes{writer_};
  if (bulk_) lanes.push_back(bulk_);
  lanes.insert(lanes.end(), readers_.begin(), readers_.end());
  return lanes;
}

std::shared_ptr<lane> node::lane_for(use purpose) const {
  if (purpose == use::bulk && bulk_ && bulk_->is_up()) return bulk_;
  if (purpose != use::read || readers_.empty()) return writer_;
  const auto own = std::ranges::find(loops_, net::loop::current());
  if (own == loops_.end()) return writer_;
  const auto& reader = readers_[static_cast<std::size_t>(own - loops_.begin()) % readers_.size()];
  return reader->is_up() ? reader : writer_;
}

net::task<replies> node::call(use purpose, commands request) {
  auto through = lane_for(purpose);
  // No coroutine of our own on the way of a read: the caller holds this node, and the node the lane.
  if (net::loop::current() == &through->home()) return through->call(std::move(request));
  return call_elsewhere(std::move(through), std::move(request));
}

void node::distrust(use purpose) {
  const auto through = lane_for(purpose);
  if (net::loop::current() == &through->home()) {
    through->distrust();
  } else {
    asio::post(through->home().get_executor(), [through] { through->distrust(); });
  }
}

void node::renew() {
  for (const auto& one : all()) {
    asio::post(one->home().get_executor(), [one] { one->renew(); });
  }
}

void node::stop_soon() {
  for (const auto& one : all()) one->stop_soon();
}

void node::stop() {
  for (const auto& one : all()) one->stop();
}

}  // namespace refrain::redis
