#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "config/candidates.h"

namespace refrain::config {

// Where a lent key may go. A base URL is a place to send it, and two of those are not meant.

/// Takes out base URLs of variables that clients read too (OPENAI_BASE_URL ...) and that point at the gateway itself: a
/// shared `.env` or shell tells the client there, not us. Adds one warning that names them all. Fails with bad_config
/// where a setting of our own does so, since every request would go round in a circle.
base::result<void> drop_own_address(candidates& all, std::vector<std::string>& warnings);

/// Marks the upstreams whose base URL is from the working directory's `.env` while their key is not: whoever wrote that
/// file could have the key sent anywhere. A warning for each.
void withhold_keys(const candidates& all, settings& values, std::vector<std::string>& warnings);

}  // namespace refrain::config
