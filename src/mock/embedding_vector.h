#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string_view>

namespace refrain::mock {

/// A vector that the input and the model decide alone, as an array of floats: halves, quarters... of whole numbers,
/// which any reader spells and reads alike. `input`: text, or whatever the provider embeds.
[[nodiscard]] boost::json::array embedding_of(const boost::json::value& input, std::string_view model,
                                              std::int64_t dimensions);

}  // namespace refrain::mock
