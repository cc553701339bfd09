#pragma once

#include "mock/provider.h"

/// Speaks as Deepgram's API does.
namespace refrain::mock::deepgram {

/// Errors are {"category", "message", "details", "request_id"} for a bad request, else {"err_code", "err_msg",
/// "request_id"}, with the codes of developers.deepgram.com/docs/errors. `Bearer` shows a temporary key.
inline constexpr provider api{.name = "deepgram", .keys = {"Authorization: Token", "Authorization: Bearer"}};

/// POST .../speak: the body's `text` as a chunked body. The query's `encoding` is mp3 (22,050 Hz, `bit_rate` 48,000 or
/// 32,000), linear16 (24,000 Hz where `sample_rate` does not say otherwise), mulaw or alaw (8,000 Hz); where it is
/// absent, mp3. The latter three come in `container` wav, or raw with "none".
///
/// The proof is of the body with the members `model`, `encoding`, `container`, `sample_rate`, `bit_rate` (of mp3) and
/// `speed`, as texts, those that are absent written out as they are taken (`model` aura-asteria-en, `speed` 1,
/// `container` of mp3 none).
///
/// 400: no JSON object, no text, a form the mock does not make.
[[nodiscard]] answer speak_text(const call& asked);

}  // namespace refrain::mock::deepgram
