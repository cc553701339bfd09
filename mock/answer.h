#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mock/behaviour.h"

namespace refrain::mock {

/// An answer before faults and pace come to it: what would be sent if all went well.
struct answer {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::vector<header> headers{};      ///< beyond Date, Content-Type and those of the framing
  bool chunked = false;               ///< chunked transfer coding, one piece a chunk; else Content-Length
  std::vector<std::string> pieces{};  ///< the body, in the pieces that are written one by one

  /// Bytes of the whole body.
  [[nodiscard]] std::uint64_t size() const {
    std::uint64_t sum = 0;
    for (const auto& piece : pieces) sum += piece.size();
    return sum;
  }
};

/// Why a call is turned down, before a dialect gives it its shape.
struct refusal {
  unsigned status = 500;
  std::string message;
  std::string param{};  ///< the member at fault; empty: none
  std::string code{};   ///< the provider's own word for the fault; empty: none
};

}  // namespace refrain::mock
