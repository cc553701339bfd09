#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::gemini {

/// GET .../models: the models that this provider claims to have. Any other name is served as well.
[[nodiscard]] answer list_models(const call& asked);

/// GET .../models/<name>: that model, whether it is in the list or not.
[[nodiscard]] answer one_model(const call& asked);

}  // namespace refrain::mock::gemini
