#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

/// Blocking sockets for tests, which send and take bytes to the letter. A read waits for ten seconds at most: a limit
/// that only a broken test meets.
namespace refrain::net {

/// One end of a connection over the loopback interface.
class test_socket {
 public:
  explicit test_socket(int descriptor) : descriptor_(descriptor) {
    const timeval timeout{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    // Two sends are to be two arrivals.
    const int at_once = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  }
  /// Connects to a port of this machine.
  static test_socket to(std::uint16_t port) {
    test_socket made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const auto where = loopback(port);
    if (::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
      throw std::runtime_error("cannot connect to the port under test");
    }
    return made;
  }
  ~test_socket() { close(); }
  test_socket(test_socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  test_socket& operator=(test_socket&&) = delete;

  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return where;
  }

  /// False where the peer takes nothing any more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  /// Some bytes, at least one; empty at the end of the stream, or where it broke: see was_reset().
  std::string receive_some() {
    char bytes[16384];
    const auto count = ::recv(descriptor_, bytes, sizeof bytes, 0);
    if (count < 0) reset_ = errno == ECONNRESET;
    return {bytes, count > 0 ? static_cast<std::size_t>(count) : 0};
  }
  /// Until `mark` has come, or the end; what follows it may be among it.
  std::string receive_until(std::string_view mark) {
    std::string all;
    while (!all.contains(mark)) {
      const auto more = receive_some();
      if (more.empty()) break;
      all += more;
    }
    return all;
  }
  std::string receive(std::size_t size) {
    std::string all;
    while (all.size() < size) {
      const auto more = receive_some();
      if (more.empty()) break;
      all += more;
    }
    return all;
  }
  std::string receive_all() { return receive(static_cast<std::size_t>(-1)); }
  [[nodiscard]] bool was_reset() const noexcept { return reset_; }

  /// Whether nothing comes for so long, not even the end.
  [[nodiscard]] bool is_silent_for(std::chrono::milliseconds span) const {
    pollfd one{.fd = descriptor_, .events = POLLIN, .revents = 0};
    return ::poll(&one, 1, static_cast<int>(span.count())) == 0;
  }

  void finish_sending() { ::shutdown(descriptor_, SHUT_WR); }
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  void reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
  bool reset_ = false;
};

/// A listening port on the loopback interface.
class test_listener {
 public:
  explicit test_listener(bool listens = true) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto where = test_socket::loopback(0);
    socklen_t size = sizeof where;
    if (::bind(descriptor_, reinterpret_cast<sockaddr*>(&where), size) != 0 || (listens && ::listen(descriptor_, 64)) ||
        ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&where), &size) != 0) {
      throw std::runtime_error("cannot listen on the loopback interface");
    }
    port_ = ntohs(where.sin_port);
  }
  ~test_listener() { ::close(descriptor_); }
  test_listener(const test_listener&) = delete;
  test_listener& operator=(const test_listener&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  /// The next connection; throws after ten seconds.
  test_socket accept() {
    pollfd one{.fd = descriptor_, .events = POLLIN, .revents = 0};
    if (::poll(&one, 1, 10'000) != 1) throw std::runtime_error("nobody connects");
    return test_socket{::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC)};
  }
  /// Whether somebody waits to be accepted.
  [[nodiscard]] bool has_caller() const {
    pollfd one{.fd = descriptor_, .events = POLLIN, .revents = 0};
    return ::poll(&one, 1, 0) == 1;
  }

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

/// A server that plays a script on a thread of its own; its destructor waits for the script's end.
class scripted_server {
 public:
  explicit scripted_server(std::function<void(test_listener&)> script)
      : thread_([this, play = std::move(script)] {
          try {
            play(listener_);
          } catch (const std::exception& broken) {
            ADD_FAILURE() << "the script broke off: " << broken.what();
          }
        }) {}
  ~scripted_server() { thread_.join(); }
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return listener_.port(); }

 private:
  test_listener listener_;
  std::thread thread_;
};

}  // namespace refrain::net
