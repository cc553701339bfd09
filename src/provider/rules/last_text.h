#pragma once

#include <optional>
#include <string_view>

#include "provider/wire.h"

namespace refrain::provider {

class dialect;

/// Where the last text that a person wrote stands in a dialect's requests, as the names of members: what semantic
/// matching compares. Empty names: it compares nothing.
struct text_place {
  std::string_view said{};     ///< of the request: a text, or a list of messages
  std::string_view content{};  ///< of a message: a text, or a list of parts of which only one with `text` will do
  std::string_view barred{};   ///< of the request: where it holds anything, the text does not say it all
};

/// As dialect::semantic_view, for a dialect whose texts stand there.
[[nodiscard]] std::optional<semantic_view> view_last_text(const dialect& wire, const request_view& request,
                                                          const text_place& where);

}  // namespace refrain::provider
