#pragma once

#include <string_view>
#include <vector>

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock {

/// What the endpoints of one provider share.
struct dialect {
  /// Gives a refusal the provider's shape. Also every status that a fault asks for.
  answer (*refuse)(const call&, const refusal&);
  /// The key that a client shows, empty where it shows none.
  std::string_view (*credential)(const call&);
  /// The status for a client without the key that the mock wants.
  unsigned no_key_status = 401;
};

/// An endpoint. A new one is a file of its own and a row in routes.cc.
struct route {
  std::string_view method;   ///< "*": any
  std::string_view pattern;  ///< of the path: "*" stands for any text, also an empty one, slashes included
  const dialect* speaks;
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
