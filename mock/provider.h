#pragma once

#include <array>
#include <string>
#include <string_view>

#include "mock/call.h"

namespace refrain::mock {

/// What the endpoints of one provider share. The wording of its answers is data: mock/templates/<name>.json.
struct provider {
  std::string_view name;
  /// Where a client shows its key, the first that is there counts: "x-api-key" is a header, "Authorization: Bearer"
  /// what follows that scheme, "?key" a parameter of the query.
  std::array<std::string_view, 3> keys{};
  unsigned no_key_status = 401;  ///< for a client without the key that the mock wants
  std::string_view json_type = "application/json";
  std::string_view stream_type = "text/event-stream";
  /// Whether the client takes an error as the only element of an array. Null: never.
  bool (*lists_errors)(const call&) = nullptr;

  /// Gives a refusal the provider's shape. Also every status that a fault asks for.
  [[nodiscard]] answer refuse(const call& asked, const refusal& why) const;
  /// The key that a client shows, empty where it shows none.
  [[nodiscard]] std::string credential(const call& asked) const;
};

}  // namespace refrain::mock
