#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mock/call.h"
#include "mock/provider.h"

namespace refrain::mock {

/// One whole message of a WebSocket.
struct message {
  std::string bytes;
  bool text = true;
};

/// What is said in turn: messages, and then perhaps the closing frame (1000, a normal end).
struct remark {
  std::vector<message> messages{};
  bool closes = false;
};

/// The server's part in one WebSocket, without its socket.
class talker {
 public:
  virtual ~talker() = default;
  /// Before the client says anything.
  virtual remark open() { return {}; }
  virtual remark hear(const message& said) = 0;
};

/// A path that speaks WebSocket to a GET that asks for it. A new one is a file of its own and a row in talk.cc.
struct talk_route {
  std::string_view pattern;  ///< of the path, as route::pattern
  const provider* speaks;    ///< for what is refused before the talk begins
  std::unique_ptr<talker> (*meet)(const call&);
};

/// The route of a request that asks for a WebSocket; nullptr where it asks for none, or its path speaks none.
[[nodiscard]] const talk_route* find_talk(const call& asked);

}  // namespace refrain::mock
