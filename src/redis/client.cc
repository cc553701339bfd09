#include "redis/client.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <utility>

namespace refrain::redis {
namespace {

namespace asio = boost::asio;
using answers = base::result<std::vector<reply>>;

net::task<answers> call(std::shared_ptr<lane> through, commands what) {
  co_return co_await through->call(std::move(what));
}

}  // namespace

client::client(client_options options) {
  writer_ = std::make_shared<lane>(home_, options.server, std::move(options.report));
  // One connection is the writer's.
  const auto most = std::max<std::size_t>(options.connections, 2) - 1;
  for (auto* const loop : options.readers) {
    if (readers_.size() == most) break;
    readers_.push_back(std::make_shared<lane>(*loop, options.server, nullptr));
  }
  writer_->start();
  for (const auto& one : readers_) one->start();
  thread_ = std::jthread{[this] { home_.run(); }};
}

client::~client() {
  std::promise<void> stopped;
  asio::post(home_.get_executor(), [&] {
    writer_->stop();
    stopped.set_value();
  });
  stopped.get_future().wait();
  home_.stop();
  thread_.join();
  for (const auto& one : readers_) one->stop();
  writer_ = nullptr;
  home_.discard();
}

lane* client::lane_here() noexcept {
  const auto* const here = net::loop::current();
  const auto own = std::ranges::find_if(readers_, [here](const auto& one) { return &one->home() == here; });
  return own == readers_.end() ? nullptr : own->get();
}

net::task<answers> client::read(commands what) {
  if (auto* const own = lane_here()) co_return co_await own->call(std::move(what));
  co_return co_await write(std::move(what));
}

void client::distrust() {
  if (auto* const own = lane_here()) {
    own->distrust();
  } else {
    asio::post(home_.get_executor(), [through = writer_] { through->distrust(); });
  }
}

net::task<answers> client::write(commands what) {
  if (net::loop::current() == &home_) co_return co_await writer_->call(std::move(what));
  auto there = call(writer_, std::move(what));
  co_return co_await asio::co_spawn(home_.get_executor(), std::move(there), asio::use_awaitable);
}

}  // namespace refrain::redis
