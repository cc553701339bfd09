#pragma once

#include <chrono>

#include "gateway/transaction.h"

namespace refrain::gateway {

/// The line that people watch for: `LLM cache hit for query: ...`. The text stands there only where the setting
/// log.queries allows it; at most ten lines a second and thread.
void tell_hit(const transaction& now);

/// One line a request, where log.access is on: method, path, status, outcome, bytes, microseconds.
void tell_access(const transaction& now, std::chrono::nanoseconds took);

}  // namespace refrain::gateway
