#include "entry/outcome.h"

#include <utility>

namespace refrain::entry {

std::string_view to_string(outcome value) noexcept {
  switch (value) {
    case outcome::hit: return "HIT";
    case outcome::semantic_hit: return "SEMANTIC_HIT";
    case outcome::coalesced: return "COALESCED";
    case outcome::stale: return "STALE";
    case outcome::miss: return "MISS";
    case outcome::refresh: return "REFRESH";
    case outcome::bypass: return "BYPASS";
  }
  std::unreachable();
}

}  // namespace refrain::entry
