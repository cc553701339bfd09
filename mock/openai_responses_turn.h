#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "mock/call.h"

namespace refrain::mock::openai {

/// The response object that answers a request. `request` has been checked: an object.
[[nodiscard]] boost::json::object response_for(const boost::json::value& request, std::string_view proof,
                                               const call& asked);

}  // namespace refrain::mock::openai
