#pragma once

#include <optional>
#include <string_view>

#include "entry/parsed_request.h"
#include "provider/rules/keyed_query.h"

namespace refrain::provider {

/// What the path of a Gemini request says: `/v1beta/models/gemini-2.5-flash:generateContent`.
struct gemini_target {
  std::string_view version;  ///< `/v1beta`; empty where the base URL has it
  std::string_view model;    ///< `gemini-2.5-flash`
  std::string_view verb;     ///< `generateContent`

  /// Nothing where the path names no model or no verb.
  [[nodiscard]] static std::optional<gemini_target> read(std::string_view path) noexcept;
};

/// The form in which an answer is asked for, by the parameter `alt` (Google's "Standard query parameters"). `streams`:
/// the verb answers with several objects, as events with `alt=sse`, else as the elements of an array. Nothing for what
/// is another encoding altogether.
[[nodiscard]] std::optional<entry::wire_form> gemini_form(const keyed_query& query, bool streams) noexcept;

/// Takes into the content what of the target is keyed: the model, the API's version, and the query less its credentials
/// and `alt`. The verb is for the endpoint's name.
void key_gemini_target(const gemini_target& target, const keyed_query& query, entry::parsed_request& parsed);

}  // namespace refrain::provider
