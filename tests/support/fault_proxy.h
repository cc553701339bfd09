#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "support/wire_faults.h"

namespace refrain::tests {

/// Stands between a client and a real Redis, one connection there for each here, knows where each reply begins and
/// ends, and misbehaves as it is told: on a thread of its own, at a port of 127.0.0.1. What comes by chance is decided
/// by the seed, the number of the connection and that of the reply, so a seed that a failure prints plays it again.
/// All functions may be called on any thread.
class fault_proxy {
 public:
  fault_proxy(std::uint16_t server_port, std::uint64_t seed);
  ~fault_proxy();
  fault_proxy(const fault_proxy&) = delete;
  fault_proxy& operator=(const fault_proxy&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// `redis://127.0.0.1:port`
  [[nodiscard]] std::string url() const;

  /// From now on; `set({})` is an honest proxy.
  void set(wire_faults faults);
  /// Ends all connections that stand, by RST.
  void cut_all();
  [[nodiscard]] fault_tally did() const;

 private:
  struct machine;
  std::unique_ptr<machine> machine_;
};

}  // namespace refrain::tests
