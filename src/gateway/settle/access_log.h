#pragma once

#include "gateway/settle/settle.h"

namespace refrain::gateway {

/// The line that people watch for: `LLM cache hit for query: ...`. The text stands there only where the setting
/// log.queries allows it; at most ten lines a second and thread.
void log_hit(const ask& request);

/// One line a request, where log.access is on: method, path, status, outcome, bytes, microseconds. `path` is that of
/// the request's target, for one that found no upstream.
void log_access(std::string_view method, std::string_view path, const request_end& end);

}  // namespace refrain::gateway
