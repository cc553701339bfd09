#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "provider/dialect.h"

namespace refrain::provider {

/// How events that each say their `type` hold audio: one type has a piece of it in base64, another ends the stream and
/// may report the usage. An `error` is one; others are of no matter.
struct audio_events {
  std::string_view piece;   ///< the type
  std::string_view end;     ///< the type
  std::string_view member;  ///< of a piece: its audio
};

/// Reads a stream of them.
[[nodiscard]] std::unique_ptr<answer_reader> read_audio_events(const audio_events& which);

/// The audio of a whole stream. Fails with not_found where it cannot be read.
[[nodiscard]] base::result<std::string> join_audio_events(std::string_view stream, const audio_events& which);

}  // namespace refrain::provider
