#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// What a transcription or translation request is; openai_transcription.h says how it is keyed. A form that
/// multipart.h does not read, without file or model, or with a `stream` that is neither `true` nor `false`, is a
/// malformed body; two of `model`, `response_format` or `stream` are an ambiguous one.
[[nodiscard]] entry::parsed_request read_openai_transcription_request(const request_view& request);

}  // namespace refrain::provider
