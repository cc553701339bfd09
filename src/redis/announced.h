#pragma once

#include <vector>

#include "base/url.h"

namespace refrain::redis {

/// Whether a Cluster that was found at the `configured` addresses may send us to this one, with our password: no reply
/// shall lead out of the networks that the operator named (docs/reliability.md, Redis). Addresses inside lead to
/// addresses inside, outside to outside, nothing to a link-local one; names lead to addresses, and to names beside
/// them.
[[nodiscard]] bool may_be_sent_to(const base::endpoint& told, const std::vector<base::endpoint>& configured);

}  // namespace refrain::redis
