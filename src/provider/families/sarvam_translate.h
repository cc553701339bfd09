#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// Sarvam's translation, `POST /translate` (API reference, "Translate Text"): JSON in one form.
[[nodiscard]] const dialect& sarvam_translate() noexcept;

}  // namespace refrain::provider
