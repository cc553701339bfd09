#pragma once

#include <functional>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "base/result.h"
#include "net/loop.h"
#include "redis/lane.h"

namespace refrain::redis {

struct client_options {
  link_options server;
  /// Loops whose coroutines read: each has a lane of its own, so that no read changes threads. They outlive the client
  /// and do not run any more when it goes.
  std::vector<net::loop*> readers{};
  unsigned connections = 4;  ///< to the server, all together; at least 2
  lane_report report{};      ///< of the lane that writes; on the client's own thread
};

/// Commands to one server, from any thread. Those that read go over the caller's own lane where it has one; those that
/// write all go over one, in their order, on the client's own thread. Nothing here waits for a server that is not
/// there.
class client {
 public:
  explicit client(client_options options);
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// Replies to the commands, in order; an error that the server answers with is a reply. Fails at once while there is
  /// no connection.
  [[nodiscard]] net::task<base::result<std::vector<reply>>> read(commands what);
  /// The same, in the order of the calls of one thread.
  [[nodiscard]] net::task<base::result<std::vector<reply>>> write(commands what);

  /// What the caller has just read was another's: no connection goes on on which replies may have shifted.
  void distrust();

  /// The loop of its own thread, for what shall run beside requests.
  [[nodiscard]] net::loop& home() noexcept { return home_; }

 private:
  [[nodiscard]] lane* lane_here() noexcept;

  net::loop home_;
  std::shared_ptr<lane> writer_;
  std::vector<std::shared_ptr<lane>> readers_;
  std::jthread thread_;
};

}  // namespace refrain::redis
