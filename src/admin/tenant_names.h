#pragma once

#include "admin/view.h"
#include "base/result.h"
#include "config/settings.h"
#include "entry/selector.h"
#include "net/async.h"

namespace refrain::admin {

/// The tenant of `chosen` as entries are labelled: a name that the configuration gives (`clients.<name>.tenant`, or the
/// client's own) becomes its label. Anything else stays as it was given.
void name_tenant(const config::settings& known, entry::selector& chosen);

/// The same, and fails with bad_usage, naming the known tenants, where neither the configuration nor an entry in the
/// store knows it: a purge that was misspelt must not look as if it were done. A store that cannot be listed knows all.
[[nodiscard]] net::task<base::result<entry::selector>> know_tenant(const view& gateway, entry::selector chosen);

}  // namespace refrain::admin
