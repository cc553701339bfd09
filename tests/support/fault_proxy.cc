#include "support/fault_proxy.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "support/fault_passage.h"

namespace refrain::tests {

namespace asio = boost::asio;
using asio::ip::tcp;

struct fault_proxy::machine {
  machine(std::uint16_t to, std::uint64_t from_seed) : server_port(to), seed(from_seed) {
    source.now = [this] {
      const std::lock_guard guard{mutex};
      return faults;
    };
    source.count = [this](std::uint64_t fault_tally::* what) {
      const std::lock_guard guard{mutex};
      ++(tally.*what);
    };
    acceptor.open(tcp::v4());
    acceptor.bind({asio::ip::address_v4::loopback(), 0});
    acceptor.listen();
  }

  static asio::awaitable<void> accept(machine* self) {
    auto& all = *self;
    while (true) {
      auto [fault, client] = co_await all.acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
      if (fault) co_return;
      all.source.count(&fault_tally::connections);
      const auto number = ++all.connections;
      const auto fresh = std::make_shared<fault_passage>(std::move(client), all.server_port, all.source,
                                                         all.seed + number * 0x9e3779b97f4a7c15u);
      std::erase_if(all.passages, [](const auto& one) { return one.expired(); });
      all.passages.push_back(fresh);
      fresh->start();
    }
  }

  /// On its thread.
  void cut() {
    for (const auto& one : passages) {
      if (const auto still = one.lock()) still->reset();
    }
  }

  const std::uint16_t server_port;
  const std::uint64_t seed;
  fault_source source;
  mutable std::mutex mutex;
  std::shared_ptr<const wire_faults> faults = std::make_shared<wire_faults>();  ///< guarded by mutex
  fault_tally tally;                                                            ///< guarded by mutex
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  std::uint64_t connections = 0;
  std::vector<std::weak_ptr<fault_passage>> passages;
  std::jthread thread;
};

fault_proxy::fault_proxy(std::uint16_t server_port, std::uint64_t seed)
    : machine_(std::make_unique<machine>(server_port, seed)) {
  asio::co_spawn(machine_->context, machine::accept(machine_.get()), asio::detached);
  machine_->thread = std::jthread([&all = *machine_] { all.context.run(); });
}

fault_proxy::~fault_proxy() {
  asio::post(machine_->context, [&all = *machine_] {
    all.acceptor.close();
    all.cut();
  });
  machine_->thread.join();
}

std::uint16_t fault_proxy::port() const { return machine_->acceptor.local_endpoint().port(); }
std::string fault_proxy::url() const { return "redis://127.0.0.1:" + std::to_string(port()); }

void fault_proxy::set(wire_faults faults) {
  auto fresh = std::make_shared<const wire_faults>(std::move(faults));
  const std::lock_guard guard{machine_->mutex};
  machine_->faults = std::move(fresh);
}

void fault_proxy::cut_all() {
  asio::post(machine_->context, [&all = *machine_] { all.cut(); });
}

fault_tally fault_proxy::did() const {
  const std::lock_guard guard{machine_->mutex};
  return machine_->tally;
}

}  // namespace refrain::tests
