#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/digest.h"

namespace refrain::cache {

/// Adds a query to a key: its parameters sorted by name, those of one name in the order in which they were sent, and
/// percent-encoding made alike where that cannot change the meaning (RFC 3986, section 6.2.2: unreserved characters
/// decoded, hex digits upper case). A `+` stays a `+`, as servers differ in whether it is a blank.
/// `left_out`: parameters that are no part of the key, by their decoded names.
void add_query(base::digest_input& key, std::string_view query, std::span<const std::string_view> left_out);

/// One name or value made alike as above; an escape that is none stays as it is.
[[nodiscard]] std::string normalise_escapes(std::string_view text);

}  // namespace refrain::cache
