#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "http/session.h"
#include "net/listener.h"
#include "support/net/loop.h"
#include "support/net/socket.h"

namespace refrain::http {

/// For tests: a service on a free port of 127.0.0.1, on a loop of its own.
class test_server {
 public:
  explicit test_server(service what) : what_(std::make_shared<const service>(std::move(what))) {
    const base::endpoint where{.host = "127.0.0.1", .port = 0};
    listener_ = net::listener::open(where, {&loop_.loop()}).value();
    listener_->start([this](std::unique_ptr<net::connection> peer) {
      net::spawn(loop_.loop().get_executor(), serve(what_, std::move(peer), open_));
    });
  }
  ~test_server() {
    listener_->close();
    loop_.stop();
  }
  test_server(const test_server&) = delete;
  test_server& operator=(const test_server&) = delete;

  [[nodiscard]] net::test_socket connect() const { return net::test_socket::to(listener_->bound().port); }
  /// Connections that are being served.
  [[nodiscard]] unsigned open() const noexcept { return open_->load(); }

 private:
  using counter = std::shared_ptr<std::atomic<unsigned>>;

  static net::task<> serve(std::shared_ptr<const service> what, std::unique_ptr<net::connection> peer, counter open) {
    ++*open;
    co_await serve_connection(std::move(what), std::move(peer));
    --*open;
  }

  std::shared_ptr<const service> what_;
  counter open_ = std::make_shared<std::atomic<unsigned>>(0);
  net::running_loop loop_;
  std::unique_ptr<net::listener> listener_;
};

}  // namespace refrain::http
