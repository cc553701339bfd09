#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "entry/parsed_request.h"
#include "provider/dialect.h"
#include "provider/json/canonical_value.h"

namespace refrain::provider {

/// Reads a request for content (Gemini API reference, "GenerateContentRequest"). What Google's servers do for it is a
/// matter of the moment, not an effect: searches, maps, pages that are fetched, code that is run in a sandbox. So these
/// are cached, for as long as their TTL says. Not cached: what refers to what the provider keeps (cached contents, the
/// Files API, file search stores, tokens to continue by), has foreign servers called (MCP), or is to be logged.
[[nodiscard]] entry::parsed_request read_gemini_content_request(const request_view& request);

/// A member by one of its two names, that which is not null first: Google's servers take either spelling (ProtoJSON,
/// "JSON names").
[[nodiscard]] std::optional<canonical_value> find_either(const canonical_value& object, std::string_view name,
                                                         std::string_view other);

/// What of a `contents` people are shown: the text of the last content that is not the model's.
[[nodiscard]] std::string last_gemini_text(const canonical_value& contents);

/// Whether contents or one content name a file that the provider keeps for a while.
[[nodiscard]] bool refers_to_gemini_file(const canonical_value& contents);

}  // namespace refrain::provider
