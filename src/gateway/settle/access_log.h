#pragma once

#include "gateway/settle/settle.h"

namespace refrain::gateway {

/// The line that people watch for: `LLM cache hit for query: ...`, or of speech `TTS cache hit for voice: ...`; of a
/// semantic hit with the question that was answered before, `(similar to: ...)`. Texts of queries stand there only
/// where the setting log.queries allows it; at most ten lines a second and thread.
void log_hit(const ask& request, std::string_view similar_to = {});

/// One line a request, where log.access is on, with what is known of it as members: method, path, status, outcome,
/// bytes, microseconds, upstream, model, tenant, voice, what it saved in US dollars, and why it was refused. The path
/// is that of the request's target, for one that found no upstream.
void log_access(const ask& request, const request_end& end);

}  // namespace refrain::gateway
