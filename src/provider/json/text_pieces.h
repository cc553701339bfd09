#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace refrain::provider {

/// Cuts the spelling of a JSON string, without its quotes, into pieces of a few words, as models stream them: none is
/// cut within an escape or a character. 256 at most; none of an empty text. `repeated`: bytes that go with each of
/// them; where they are many, there are fewer pieces.
[[nodiscard]] std::vector<std::string_view> cut_text(std::string_view spelling, std::size_t repeated = 0);

}  // namespace refrain::provider
