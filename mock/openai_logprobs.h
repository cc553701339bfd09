#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "mock/renderer.h"

namespace refrain::mock::openai {

/// A list with the probability of each token, from the template `token`. `more`: further values for it.
[[nodiscard]] boost::json::array token_logprobs(const renderer& render, const std::vector<std::string>& tokens,
                                                boost::json::object more = {});

}  // namespace refrain::mock::openai
