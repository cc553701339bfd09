#pragma once

#include <array>
#include <string_view>

#include "entry/entry.h"

namespace refrain::provider {

/// Google's system parameter `$fields` as a header: the answer holds these of its members alone
/// (cloud.google.com/apis/docs/system-parameters).
inline constexpr std::array<std::string_view, 1> gemini_key_headers{"x-goog-fieldmask"};

/// The media type that Google gives to JSON answers and to event streams.
[[nodiscard]] constexpr std::string_view gemini_content_type(entry::wire_form form) noexcept {
  return form == entry::wire_form::stream ? "text/event-stream" : "application/json; charset=UTF-8";
}

}  // namespace refrain::provider
