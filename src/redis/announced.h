#pragma once

#include <optional>
#include <vector>

#include "base/url.h"

namespace refrain::redis {

/// Where an announced address is reached: as the map says, or else there. What the map has lies behind NAT, or in
/// containers.
[[nodiscard]] const base::endpoint& mapped(const base::endpoint_map& map, const base::endpoint& told) noexcept;

/// What addresses are taken from servers' mouths.
struct announcement_rules {
  std::vector<base::endpoint> configured;  ///< as the user gave them
  base::endpoint_map map{};

  /// Where a server is that another announced; nothing where we do not go there with our password: no reply shall lead
  /// out of the networks that the operator named (docs/reliability.md, Redis). What the map has goes where it says.
  /// Else addresses inside lead to addresses inside, outside to outside, nothing to a link-local one; names lead to
  /// addresses, and to names beside them.
  [[nodiscard]] std::optional<base::endpoint> way_to(const base::endpoint& told) const;
};

}  // namespace refrain::redis
