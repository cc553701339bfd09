#pragma once

#include <string_view>
#include <vector>

#include "mock/answer.h"
#include "mock/call.h"
#include "mock/provider.h"

namespace refrain::mock {

/// An endpoint. A new one is a file of its own and a row in routes.cc.
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

}  // namespace refrain::mock
