#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"
#include "base/url.h"
#include "redis/lane.h"

namespace refrain::redis {

/// How a server is used: each way has lanes of its own, so that nobody waits behind what is slower.
enum class use : std::uint8_t {
  read,   ///< small answers, on the caller's own loop where it has a lane
  write,  ///< in the order of the calls of one thread; also hears what others change
  bulk,   ///< large answers
};

struct node_options {
  lane_options lane;                  ///< where it is, too
  std::vector<net::loop*> readers{};  ///< loops whose coroutines read
  unsigned connections = 4;           ///< all together, at least 1: the writer's, one for bulk, the others read
  commands opening{};                 ///< the writer's first words
  std::function<void(const reply&)> on_push{};
};

/// One server, with all connections to it. A use that has no lane, or whose lane is away, goes over the writer's.
class node {
 public:
  /// Connects in the background. `home` is the loop of the lanes that are no reader's; `report` is called there, for
  /// the writer's lane.
  node(net::loop& home, const node_options& options, lane_report report);

  [[nodiscard]] const base::endpoint& where() const noexcept { return where_; }

  /// As lane::call, on any thread. It lives until the answer is there.
  [[nodiscard]] net::task<replies> call(use purpose, commands request);

  /// The caller got another's reply: the connection is closed, as all replies on it may have shifted. Any thread.
  void distrust(use purpose);

  /// Whether another server stands at the address by now: each lane connects anew (lane::renew). Any thread.
  void renew();

  /// Ends all connections: on any thread while the loops run; once none runs any more.
  void stop_soon();
  void stop();

 private:
  [[nodiscard]] std::shared_ptr<lane> lane_for(use purpose) const;
  [[nodiscard]] std::vector<std::shared_ptr<lane>> all() const;

  base::endpoint where_;
  std::shared_ptr<lane> writer_;
  std::shared_ptr<lane> bulk_;  ///< nullptr: none
  std::vector<net::loop*> loops_;
  std::vector<std::shared_ptr<lane>> readers_;  ///< loop i reads on lane i modulo their number
};

}  // namespace refrain::redis
