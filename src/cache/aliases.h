#pragma once

#include <string_view>

#include "cache/directives.h"

namespace refrain::cache {

/// Adds what the headers of other gateways ask, so that their users can move over without touching code. Nothing that
/// was asked for before is overruled. The table in aliases.cc says what is understood, and where it is documented.
void read_aliases(http::fields_view headers, directives& into);

/// Takes a namespace that another gateway allows, unless there is one. A name that is none of ours (too long, not
/// visible ASCII) still keeps its entries apart: its digest stands for it.
void adopt_namespace(std::string_view name, directives& into);

/// Whether a header, in any case, belongs to the cache of a gateway we know, understood or not: it is never forwarded.
[[nodiscard]] bool is_alias_header(std::string_view name) noexcept;

}  // namespace refrain::cache
