#pragma once

#include "provider/rules/dialect.h"

namespace refrain::provider {

/// Deepgram's text to speech, `POST /speak` (API reference, "Single Text Request"): audio as it is. The content covers
/// the query, which says all but the text.
extern const dialect deepgram_speak;

}  // namespace refrain::provider
