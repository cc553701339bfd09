#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "entry/parsed_request.h"
#include "provider/json/canonical_value.h"
#include "provider/rules/keyed_members.h"

namespace refrain::provider {

/// Reads a JSON body: where it has a canonical form and is an object, `read` fills the facts from it and says what
/// stands against caching; else that is the reason. Each member and each parameter of the query has its digest in the
/// entry, so there is a bound: more than 256 are not understood.
[[nodiscard]] entry::parsed_request read_request(
    std::string_view body,
    const std::function<entry::uncacheable_reason(const canonical_value& body, entry::parsed_request& parsed)>& read);

/// What OpenAI's JSON endpoints have in common: LiteLLM's directives, and the model where one is named.
void read_openai_frame(const canonical_value& body, entry::parsed_request& parsed);

/// `stream` and `stream_options.include_usage`. False where they are not what they should be.
[[nodiscard]] bool read_openai_form(const canonical_value& body, entry::parsed_request& parsed);

/// digest_members, for a denylist whose first row is `cache`: that member is left out where it is LiteLLM's, and keyed
/// where it is the provider's own. `read_openai_frame` has told which.
void digest_openai_members(const canonical_value& body, std::span<const unkeyed_member> denylist,
                           entry::parsed_request& parsed, std::span<const stated_default> defaults = {});

[[nodiscard]] bool is_null_or_absent(const std::optional<canonical_value>& value);

/// The text of a content, shortened for people: a string, or a list of strings and of parts that have a `text`.
[[nodiscard]] std::string shown_text(const canonical_value& content);

/// `shown_text` of the last message or item whose role is `user`; empty where there is none.
[[nodiscard]] std::string last_question(const canonical_value& messages);

}  // namespace refrain::provider
