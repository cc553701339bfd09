#pragma once

#include "config/load.h"

namespace refrain::config {

/// Takes out of a configuration that was read again what a running gateway was built from: those settings stay as
/// `running` has them, and stand in `fresh.waiting` with what they will be once the gateway is started again. The
/// table says which they are.
void keep_until_restart(loaded& fresh, const loaded& running);

}  // namespace refrain::config
