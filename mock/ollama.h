#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>
#include <vector>

#include "mock/answer.h"
#include "mock/call.h"

/// Speaks as Ollama's own API does.
namespace refrain::mock::ollama {

/// {"error": message}
[[nodiscard]] answer refuse(const call& asked, const refusal& why);

/// The key that clients of its cloud show; a server at home wants none.
[[nodiscard]] std::string_view credential(const call& asked);

/// A JSON answer.
[[nodiscard]] answer json_answer(const boost::json::value& body);

/// Objects, a line each.
[[nodiscard]] answer lines_answer(const std::vector<boost::json::object>& lines);

/// GET /api/tags: the models that are there. Any other name is served as well.
[[nodiscard]] answer list_models(const call& asked);

/// GET /api/version.
[[nodiscard]] answer version(const call& asked);

}  // namespace refrain::mock::ollama
