#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "entry/entry.h"
#include "provider/json/canonical_value.h"
#include "provider/wire.h"

namespace refrain::provider {

/// Google's system parameter `$fields` as a header: the answer holds these of its members alone
/// (cloud.google.com/apis/docs/system-parameters).
inline constexpr std::array<std::string_view, 1> gemini_key_headers{"x-goog-fieldmask"};

/// The media type that Google gives to JSON answers.
inline constexpr std::string_view gemini_json_type = "application/json; charset=UTF-8";

/// What the path of a Gemini request says: `/v1beta/models/gemini-2.5-flash:generateContent`.
struct gemini_target {
  std::string_view version;  ///< `/v1beta`; empty where the base URL has it
  std::string_view model;    ///< `gemini-2.5-flash`
  std::string_view verb;     ///< `generateContent`

  /// Nothing where the path names no model or no verb.
  [[nodiscard]] static std::optional<gemini_target> read(std::string_view path) noexcept;
};

/// Reads path and query: the model, and the form in which an answer is asked for by the parameter `alt` (Google's
/// "Standard query parameters"). A verb that begins with `stream` answers with several objects, as events with
/// `alt=sse`, else as the elements of an array. Nothing where they are not understood, or ask for another encoding
/// altogether.
[[nodiscard]] std::optional<gemini_target> read_gemini_target(const request_view& request,
                                                              entry::parsed_request& parsed);

/// Takes into the content what of the target is keyed: the model, the API's version, and the query less its credentials
/// and `alt`. The verb is for the endpoint's name.
void key_gemini_target(const gemini_target& target, std::string_view query, entry::parsed_request& parsed);

/// A member by one of its two names, that which is not null first: Google's servers take either spelling (ProtoJSON,
/// "JSON names").
[[nodiscard]] std::optional<canonical_value> find_either(const canonical_value& object, std::string_view name,
                                                         std::string_view other);

/// The same where it is not null.
[[nodiscard]] std::optional<canonical_value> given_either(const canonical_value& object, std::string_view name,
                                                          std::string_view other);

/// A member that is to be a list may be its only element. Whether `test` holds for one of them.
template <class Test>
[[nodiscard]] bool any_of_gemini(const std::optional<canonical_value>& list, Test test) {
  return list && list->is(json_kind::object) ? test(*list) : any_element(list, test);
}

/// What of a `contents` people are shown: the text of the last content that is not the model's.
[[nodiscard]] std::string last_gemini_text(const canonical_value& contents);

/// Whether contents or one content name a file that the provider keeps for a while.
[[nodiscard]] bool refers_to_gemini_file(const canonical_value& contents);

}  // namespace refrain::provider
