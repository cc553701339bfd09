#pragma once

#include "base/url.h"
#include "cli/process.h"
#include "config/settings.h"

namespace refrain::cli {

/// What `refrain run` adds to its command's environment, so that every SDK's requests come through the gateway. Pure.
///
/// - The base-URL variables of every configured upstream lead to the gateway. Where the user's own variable says where
///   an upstream is, the configuration has read it, and the child's path below the gateway means the same place.
///   Variables that the configuration does not read are left as the user set them.
/// - Key variables stay as they are. Where there is none and the gateway has a key to lend, a placeholder stands in,
///   since SDKs refuse to start without a key; the gateway treats it as none.
/// - A proxy must not be asked for the gateway, so NO_PROXY names it.
///
/// `gateway`: the base URL of its data plane, on loopback. `own`: the environment that the child would have anyway.
[[nodiscard]] variables child_variables(const config::settings& settings, const base::url& gateway,
                                        const variables& own);

}  // namespace refrain::cli
