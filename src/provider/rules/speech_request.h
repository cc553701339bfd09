#pragma once

#include <string>
#include <string_view>

#include "entry/parsed_request.h"

namespace refrain::provider {

/// What every request for speech says, in whatever words. The views live as long as the call.
struct speech_request {
  std::string_view provider;
  std::string_view voice;
  std::string_view codec;
  std::string_view model;
  std::string_view text;
};

/// Writes `place` ("elevenlabs:Rachel"), `suffix`, `model`, `query` and `characters`.
void describe_speech(const speech_request& what, entry::parsed_request& parsed);

}  // namespace refrain::provider
