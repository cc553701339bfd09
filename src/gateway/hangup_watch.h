#pragma once

#include <functional>
#include <utility>

#include "net/connection.h"

namespace refrain::gateway {

/// Notices that the client has gone, for as long as this lives. While an upstream thinks nothing is read from the
/// client: its leaving has to be watched for.
class hangup_watch {
 public:
  explicit hangup_watch(net::connection& peer) noexcept : peer_(peer) {}
  ~hangup_watch() {
    if (started_) peer_.unwatch_hangup();
  }
  hangup_watch(const hangup_watch&) = delete;
  hangup_watch& operator=(const hangup_watch&) = delete;

  /// What `gone` refers to outlives the watch.
  void start(std::function<void()> gone) {
    started_ = true;
    peer_.watch_hangup(std::move(gone));
  }
  [[nodiscard]] bool started() const noexcept { return started_; }

 private:
  net::connection& peer_;
  bool started_ = false;
};

}  // namespace refrain::gateway
