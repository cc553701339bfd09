#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::openai {

/// GET /v1/models: the list of models this provider claims to have. Any other model name is served as well.
[[nodiscard]] answer list_models(const call& asked);

/// GET /v1/models/<name>: that model, whether it is in the list or not.
[[nodiscard]] answer one_model(const call& asked);

}  // namespace refrain::mock::openai
