#pragma once

#include "entry/parsed_request.h"
#include "provider/json/canonical_value.h"

namespace refrain::provider {

/// What LiteLLM's body member `cache` asks (its proxy's "Dynamic Cache Controls"): `ttl` and `s-maxage` in seconds as a
/// number or a string of one, `no-cache` and `no-store` as booleans, `namespace` as a string. What is none of these, or
/// of another type, is left alone: `use-cache` among them, as the operator decides here whether there is a cache.
///
/// Only an object is LiteLLM's. A `cache` of any other type belongs to the provider: it is keyed and forwarded.
[[nodiscard]] entry::body_directives read_litellm_directives(const canonical_value& body);

}  // namespace refrain::provider
