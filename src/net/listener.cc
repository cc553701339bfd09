#include "net/listener.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "base/log.h"
#include "base/log_limit.h"
#include "net/connection_transport.h"

namespace refrain::net {
namespace {

using asio::ip::tcp;
using base::errc;
using base::fail;
using boost::system::error_code;
using shared_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

base::result<tcp::endpoint> resolve(const base::endpoint& where) {
  const auto host = where.host == "localhost" ? std::string("127.0.0.1") : where.host;
  error_code fault;
  const auto address = asio::ip::make_address(host, fault);
  if (fault) {
    return fail(errc::bad_config, fmt::format("cannot listen on '{}': give an IP address of this machine", where.host));
  }
  return tcp::endpoint{address, where.port};
}

base::error why_not_bound(const base::endpoint& where, const error_code& fault) {
  if (fault == asio::error::address_in_use) {
    const auto holder = who_listens_on(where.port);
    return {.code = errc::port_in_use,
            .context = fmt::format("{} is taken{}: stop it, or choose another address with --listen", where.to_string(),
                                   holder.empty() ? "" : " by " + holder)};
  }
  return {.code = errc::io, .context = fmt::format("cannot listen on {}: {}", where.to_string(), fault.message())};
}

error_code bind(tcp::acceptor& acceptor, const tcp::endpoint& where, bool shared) {
  error_code fault;
  acceptor.open(where.protocol(), fault);
  if (!fault) acceptor.set_option(tcp::acceptor::reuse_address(true), fault);
  if (!fault && shared) acceptor.set_option(shared_port(true), fault);
  if (!fault) acceptor.bind(where, fault);
  return fault;
}

}  // namespace

struct listener::acceptors {
  struct one {
    loop* home;
    tcp::acceptor socket;
  };
  std::vector<std::shared_ptr<one>> each;

  static task<> accept(std::shared_ptr<one> from, std::function<void(std::unique_ptr<connection>)> accepted) {
    base::log_limit lines{1, std::chrono::seconds{10}};
    while (from->socket.is_open()) {
      auto [fault, socket] = co_await from->socket.async_accept(as_result);
      if (!fault) {
        prepare(socket);
        accepted(std::make_unique<connection>(*from->home, std::make_unique<connection::transport>(std::move(socket))));
      } else if (fault != asio::error::operation_aborted && fault != asio::error::connection_aborted) {
        // Out of descriptors, most likely: connections that end will free some.
        if (lines.allows(std::chrono::steady_clock::now())) {
          base::log_warning("cannot take a connection: {}", fault.message());
        }
        co_await sleep_for(std::chrono::milliseconds{100});
      }
    }
  }
};

listener::listener(base::endpoint bound, std::unique_ptr<acceptors> all)
    : bound_(std::move(bound)), all_(std::move(all)) {}
listener::~listener() = default;

base::result<std::unique_ptr<listener>> listener::open(const base::endpoint& where, const std::vector<loop*>& loops) {
  auto address = resolve(where);
  if (!address) return fail(address.error());
  {
    tcp::acceptor alone{loops.front()->context()};
    if (const auto fault = bind(alone, *address, false)) return fail(why_not_bound(where, fault));
    error_code fault;
    address->port(alone.local_endpoint(fault).port());
  }
  auto all = std::make_unique<acceptors>();
  for (loop* const home : loops) {
    auto one = std::make_shared<acceptors::one>(acceptors::one{home, tcp::acceptor{home->context()}});
    auto fault = bind(one->socket, *address, true);
    if (!fault) one->socket.listen(tcp::acceptor::max_listen_connections, fault);
    if (fault) return fail(why_not_bound(where, fault));
    all->each.push_back(std::move(one));
  }
  base::endpoint bound{.host = where.host, .port = address->port()};
  return std::unique_ptr<listener>(new listener(std::move(bound), std::move(all)));
}

void listener::start(std::function<void(std::unique_ptr<connection>)> accepted) {
  for (const auto& one : all_->each) spawn(one->home->get_executor(), acceptors::accept(one, accepted));
}

void listener::close() {
  for (const auto& one : all_->each) {
    asio::post(one->home->get_executor(), [one] {
      error_code ignored;
      one->socket.close(ignored);
    });
  }
}

}  // namespace refrain::net
