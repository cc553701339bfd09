#pragma once

#include <string_view>
#include <vector>

#include "provider/batch.h"

namespace refrain::provider {

/// What is particular to an endpoint of Sarvam's speech.
struct sarvam_speech_rules {
  std::string_view usual_codec;  ///< where `output_audio_codec` is absent
  bool takes_inputs = false;     ///< a list of texts in place of `text`
};

/// Reads a request. Its content covers all texts in order, whether they stand in `text` or `inputs`, and the language
/// under either of its names. Both at once, of either, are not understood: malformed_body.
[[nodiscard]] entry::parsed_request read_sarvam_speech(std::string_view body, const sarvam_speech_rules& rules);

/// The texts of a request against whose caching its facts say nothing, in order: each with the content of a request for
/// it alone.
[[nodiscard]] std::vector<batch_item> sarvam_speech_items(std::string_view body, const sarvam_speech_rules& rules);

}  // namespace refrain::provider
