#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::openai {

/// POST .../images/generations: real PNG images (png.h) whose comment is "proof:<the body's proof>" and, from the
/// second on, the number of the image. As base64, or behind links for DALL-E models unless `response_format` is
/// `b64_json`. `stream` gives `partial_images` images on the way, then the last.
///
/// 400 in OpenAI's shape: the body is not a JSON object, or `prompt` is missing.
[[nodiscard]] answer images(const call& asked);

}  // namespace refrain::mock::openai
