#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "mock/call.h"
#include "mock/turn.h"

/// Reads requests of Gemini's API.
namespace refrain::mock::gemini {

/// What the path says.
struct target {
  std::string_view model;
  std::string_view verb;
};
[[nodiscard]] target target_of(const call& asked);

/// The member `name` of `generationConfig`, or null.
[[nodiscard]] const boost::json::value* config_of(const boost::json::value& request, std::string_view name);

/// What a request with contents asks.
[[nodiscard]] question question_of(const boost::json::value& request, std::string proof);

/// About how many tokens the contents have.
[[nodiscard]] std::size_t prompt_tokens_of(const boost::json::value& request);

}  // namespace refrain::mock::gemini
