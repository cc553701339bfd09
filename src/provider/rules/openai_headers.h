#pragma once

#include <array>
#include <string_view>

#include "entry/entry.h"

namespace refrain::provider {

/// Response headers of OpenAI's that are stored with an entry. A hit's request id leads the provider's support to the
/// call that made the answer. `openai-processing-ms` would tell of a time that the hit did not take,
/// `openai-organization` and rate limits of an account: not kept.
inline constexpr std::array<std::string_view, 2> openai_kept_headers{"openai-version", "x-request-id"};

/// The media type that OpenAI gives to JSON answers and to event streams.
[[nodiscard]] constexpr std::string_view content_type_of(entry::wire_form form) noexcept {
  return form == entry::wire_form::stream ? "text/event-stream; charset=utf-8" : "application/json";
}

}  // namespace refrain::provider
