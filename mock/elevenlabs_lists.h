#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::elevenlabs {

/// GET .../voices: the voices this provider claims to have, as /v1/voices and /v2/voices give them. Any other voice
/// speaks as well.
[[nodiscard]] answer list_voices(const call& asked);

/// GET .../models, of a client that shows `xi-api-key`.
[[nodiscard]] answer list_models(const call& asked);

}  // namespace refrain::mock::elevenlabs
