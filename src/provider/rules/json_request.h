#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

#include "entry/parsed_request.h"
#include "provider/json/canonical_value.h"
#include "provider/rules/keyed_members.h"
#include "provider/wire.h"

namespace refrain::provider {

/// Reads a JSON body: where it has a canonical form and is an object, `read` fills the facts from it and says why it
/// must not be cached; else its fault is the reason. Each member and each parameter of the query has its digest in the
/// entry, so there is a bound: more than 256 are not understood.
[[nodiscard]] entry::parsed_request read_request(
    const request_view& request,
    const std::function<uncacheable_reason(const canonical_value& body, entry::parsed_request& parsed)>& read);

/// `dialect_rules::read` for a body that `Read` reads, given the request too where it takes that.
template <auto Read>
[[nodiscard]] entry::parsed_request read_json(const request_view& request) {
  return read_request(request, [&](const canonical_value& body, entry::parsed_request& parsed) {
    if constexpr (std::is_invocable_v<decltype(Read), const canonical_value&, entry::parsed_request&>) {
      return Read(body, parsed);
    } else {
      return Read(body, request, parsed);
    }
  });
}

/// What OpenAI's JSON endpoints have in common: LiteLLM's directives, and the model where one is named.
void read_openai_frame(const canonical_value& body, entry::parsed_request& parsed);

/// `stream` and `stream_options.include_usage`. False where they are not what they should be.
[[nodiscard]] bool read_openai_form(const canonical_value& body, entry::parsed_request& parsed);

/// Response headers of OpenAI's that are stored with an entry. A hit's request id leads the provider's support to the
/// call that made the answer. `openai-processing-ms` would tell of a time that the hit did not take,
/// `openai-organization` and rate limits of an account: not kept.
inline constexpr std::array<std::string_view, 2> openai_kept_headers{"openai-version", "x-request-id"};

/// A text, shortened for people.
[[nodiscard]] std::string shown_text(std::string_view text);

/// The text of a content, shortened for people: a string, or a list of strings and of parts that have a `text`.
[[nodiscard]] std::string shown_text(const canonical_value& content);

/// `shown_text` of the last message or item whose role is `user`; empty where there is none.
[[nodiscard]] std::string last_question(const canonical_value& messages);

}  // namespace refrain::provider
