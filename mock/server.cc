#include "mock/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <optional>
#include <random>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/url.h"
#include "mock/journal.h"
#include "mock/session.h"

namespace refrain::mock {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using base::errc;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds accept_pause{50};  // out of descriptors: some may come free

base::result<tcp::endpoint> endpoint_of(std::string_view listen) {
  const auto parsed = base::parse_endpoint(listen);
  boost::system::error_code wrong;
  const auto host = !parsed || parsed->host == "localhost" ? "127.0.0.1" : parsed->host;
  const auto address = asio::ip::make_address(host, wrong);
  if (parsed && !wrong) return tcp::endpoint(address, parsed->port);
  return base::fail(errc::bad_config, fmt::format("\"{}\" is no address and port such as 127.0.0.1:7339", listen));
}

base::result<std::optional<asio::ssl::context>> tls_of(const options& how) {
  std::optional<asio::ssl::context> context;
  if (how.tls_certificate.empty() && how.tls_key.empty()) return context;
  context.emplace(asio::ssl::context::tls_server);
  boost::system::error_code wrong;
  context->use_certificate_chain_file(how.tls_certificate, wrong);
  if (wrong) {
    return base::fail(errc::bad_config, fmt::format("certificate {}: {}", how.tls_certificate, wrong.message()));
  }
  context->use_private_key_file(how.tls_key, asio::ssl::context::pem, wrong);
  if (wrong) return base::fail(errc::bad_config, fmt::format("key {}: {}", how.tls_key, wrong.message()));
  return context;
}

base::result<std::uint16_t> open(tcp::acceptor& acceptor, const tcp::endpoint& at) {
  boost::system::error_code wrong;
  acceptor.open(at.protocol(), wrong);
  if (!wrong) acceptor.set_option(tcp::acceptor::reuse_address(true), wrong);
  if (!wrong) acceptor.bind(at, wrong);
  if (!wrong) acceptor.listen(tcp::acceptor::max_listen_connections, wrong);
  if (wrong) {
    const auto code = wrong == asio::error::address_in_use ? errc::port_in_use : errc::io;
    return base::fail(code, fmt::format("port {}: {}", at.port(), wrong.message()));
  }
  return acceptor.local_endpoint().port();
}

asio::awaitable<void> run(std::unique_ptr<session> connection) { co_await connection->run(); }

std::uint64_t new_run() {
  std::random_device source;
  return (std::uint64_t{source()} << 32U) | source();
}

}  // namespace

/// The parts that serve. The order of the members matters: `io_` goes first when it ends, and with it every coroutine
/// that uses the others.
class server::machine {
 public:
  explicit machine(options how) : how_(std::move(how)), book_(new_run()) {}

  base::result<std::uint16_t> start() {
    const auto at = TRY(endpoint_of(how_.listen));
    tls_ = TRY(tls_of(how_));
    io_.emplace(static_cast<int>(std::max(how_.threads, 1U)));
    acceptor_.emplace(asio::make_strand(*io_));
    const auto port = TRY(open(*acceptor_, at));
    asio::co_spawn(acceptor_->get_executor(), accept(), asio::detached);
    for (unsigned count = 0; count < std::max(how_.threads, 1U); ++count) {
      threads_.emplace_back([this] { io_->run(); });
    }
    return port;
  }

  void stop() {
    if (!io_) return;
    io_->stop();
    threads_.clear();
    acceptor_.reset();
    io_.reset();
  }

  [[nodiscard]] tally counters() const { return book_.counters(); }

 private:
  asio::awaitable<void> accept() {
    asio::steady_timer pause(acceptor_->get_executor());
    while (true) {
      const auto strand = asio::make_strand(*io_);
      tcp::socket socket(strand);
      const auto [fault] = co_await acceptor_->async_accept(socket, quiet);
      if (fault) {
        pause.expires_after(accept_pause);
        co_await pause.async_wait(quiet);
        continue;
      }
      book_.count(&tally::connections);
      auto connection = std::make_unique<session>(std::move(socket), tls_ ? &*tls_ : nullptr, how_, book_);
      asio::co_spawn(strand, run(std::move(connection)), asio::detached);
    }
  }

  const options how_;
  journal book_;
  std::optional<asio::ssl::context> tls_;
  std::optional<asio::io_context> io_;
  std::optional<tcp::acceptor> acceptor_;
  std::vector<std::jthread> threads_;
};

server::server(options how) : machine_(std::make_unique<machine>(std::move(how))) {}

server::~server() { stop(); }

base::result<std::uint16_t> server::start() { return machine_->start(); }

void server::stop() { machine_->stop(); }

tally server::counters() const { return machine_->counters(); }

}  // namespace refrain::mock
