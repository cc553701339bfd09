#pragma once

#include <memory>

#include "gateway/sources/upstream_request.h"

namespace refrain::gateway {

/// A fresh answer has come for a question by its meaning: where something similar was stored, holds its answer against
/// the fresh one, and learns whether it would have been right. Behind the request's back.
[[nodiscard]] net::task<> learn_from(parts* shared, std::shared_ptr<const upstream_request> call,
                                     entry::entry_ptr fresh);

}  // namespace refrain::gateway
