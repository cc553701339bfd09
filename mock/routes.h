#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "mock/call.h"
#include "mock/provider.h"
#include "mock/websocket.h"

namespace refrain::mock {

/// An endpoint. A new one is a row in routes.cc.
struct route {
  std::string_view method;   ///< "*": any
  std::string_view pattern;  ///< of the path: "*" stands for any text, also an empty one, slashes included
  const provider* speaks;
  /// Makes the answer. Null: the body is sent back chunk by chunk while it arrives.
  answer (*respond)(const call&);
  /// Where not empty, the row is for calls with this header alone: providers share some paths, but not how a client
  /// shows its key.
  std::string_view shown_by{};
};

/// The first route that fits, HEAD counting as GET; where none does, one that answers 404 in OpenAI's shape.
[[nodiscard]] const route& find_route(std::string_view method, std::string_view path,
                                      const std::vector<header>& headers = {});

/// Whether `path` fits a pattern as `route::pattern` describes it.
[[nodiscard]] bool fits(std::string_view pattern, std::string_view path);

/// A path that speaks WebSocket to a GET that asks for it. A new one is a row in routes.cc.
struct websocket_route {
  std::string_view pattern;  ///< of the path, as route::pattern
  const provider* speaks;    ///< for what is refused before it opens
  std::unique_ptr<websocket_handler> (*make)(const call&);
};

/// The route of a request that asks for a WebSocket; nullptr where it asks for none, or its path speaks none.
[[nodiscard]] const websocket_route* find_websocket(const call& asked);

}  // namespace refrain::mock
