#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace refrain::provider {

/// Makes the events of a response: it is created, its items are added, each with its texts in one delta, and it is
/// complete. Ids, and whatever else stands in it, are kept to the letter; `sequence_number` counts from 0. Items of a
/// kind whose pieces are not known here appear as they are. Fails with not_found where it has not the shape it needs.
[[nodiscard]] base::result<std::string> split_openai_response(std::string_view plain);

}  // namespace refrain::provider
