#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string_view>
#include <vector>

namespace refrain::mock {

/// A vector that the input and the model decide alone: halves, quarters... of whole numbers, floats that any reader
/// spells and reads alike. `input`: text, or whatever the provider embeds.
[[nodiscard]] std::vector<float> embedding_of(const boost::json::value& input, std::string_view model,
                                              std::int64_t dimensions);

}  // namespace refrain::mock
