#pragma once

#include <optional>

#include "semantic/matcher.h"

namespace refrain::gateway {

/// The search for a similar question's answer. The upstream call has it too, to learn from the fresh answer.
struct similar_search {
  semantic::reason why = semantic::reason::no_question;  ///< nothing was served; or `served`
  std::optional<semantic::question> asked;               ///< nothing: the request is no question to be matched
  std::optional<semantic::finding> found;                ///< nothing: the request did not wait for it
};

}  // namespace refrain::gateway
