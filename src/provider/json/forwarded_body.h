#pragma once

#include <string>
#include <string_view>

#include "entry/parsed_request.h"

namespace refrain::provider {

/// The body to send upstream: see dialect::forward_body. The client's bytes with pieces cut out and put in, never
/// written anew; a body that could not be read (`known.why_not`) stays as it is. `known` must come from the same body.
[[nodiscard]] std::string forwarded_body(std::string_view body, const entry::parsed_request& parsed, bool ask_usage);

}  // namespace refrain::provider
