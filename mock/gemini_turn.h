#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mock/call.h"

namespace refrain::mock::gemini {

/// One answer to the question, before it takes a form.
struct candidate {
  std::vector<std::string> thoughts;  ///< tokens
  std::vector<std::string> text;      ///< tokens; none where functions are called
  boost::json::array calls;           ///< parts
  std::string finish = "STOP";
};

struct turn {
  std::vector<candidate> candidates;
  std::size_t prompt_tokens = 0;
};

/// The text of the last content that is not the model's.
[[nodiscard]] std::string question_of(const boost::json::value& request);

/// About how many tokens the contents have.
[[nodiscard]] std::size_t prompt_tokens_of(const boost::json::value& request);

/// Decides the turn of a request that has contents.
[[nodiscard]] turn turn_for(const boost::json::value& request, std::string_view proof, const call& asked);

}  // namespace refrain::mock::gemini
