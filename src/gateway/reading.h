#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "entry/recording.h"
#include "net/connection.h"

namespace refrain::gateway {

/// Everything that is still to come of a recording, its bytes shared with it. Fails as the recording does.
[[nodiscard]] net::task<base::result<std::vector<base::slice>>> collect(
    std::shared_ptr<entry::recording::reader> reader);

/// A body in one piece.
[[nodiscard]] std::string joined(std::span<const base::slice> pieces);

/// Lets a reader go as soon as its client has gone, for as long as this lives.
class hangup_watch {
 public:
  hangup_watch(net::connection& peer, std::shared_ptr<entry::recording::reader> reader) : peer_(peer) {
    peer_.watch_hangup([reader = std::move(reader)] { reader->leave(); });
  }
  ~hangup_watch() { peer_.unwatch_hangup(); }
  hangup_watch(const hangup_watch&) = delete;
  hangup_watch& operator=(const hangup_watch&) = delete;

 private:
  net::connection& peer_;
};

}  // namespace refrain::gateway
