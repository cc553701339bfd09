#pragma once

#include <string_view>

#include "entry/entry.h"

namespace refrain::provider {

/// The media type that Google gives to JSON answers and to event streams.
[[nodiscard]] constexpr std::string_view gemini_content_type(entry::wire_form form) noexcept {
  return form == entry::wire_form::stream ? "text/event-stream" : "application/json; charset=UTF-8";
}

}  // namespace refrain::provider
