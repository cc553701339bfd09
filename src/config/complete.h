#pragma once

#include "base/result.h"
#include "config/candidates.h"
#include "config/settings.h"

namespace refrain::config {

/// Fills in what follows from other settings (a client's tenant, an upstream's dialect), and checks what one value
/// alone cannot show: every upstream has an address, every client a key of its own, the default upstream exists. Fails
/// with bad_config.
base::result<void> complete(const candidates& all, settings& values);

}  // namespace refrain::config
