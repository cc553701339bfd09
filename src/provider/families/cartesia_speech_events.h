#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "provider/dialect.h"

namespace refrain::provider {

/// Cartesia's speech in events that each say their `type`: `chunk` with a piece of the audio in base64, `timestamps`
/// and `phoneme_timestamps`, at last `done`; or `error`.

/// Reads a stream of them.
[[nodiscard]] std::unique_ptr<answer_reader> read_cartesia_events();

/// The audio of a whole stream. Fails with not_found where it cannot be read.
[[nodiscard]] base::result<std::string> join_cartesia_events(std::string_view stream);

/// A whole stream without its events of type `timestamps`, the others to the letter. Fails with not_found where it
/// cannot be read.
[[nodiscard]] base::result<std::string> without_cartesia_timestamps(std::string_view stream);

}  // namespace refrain::provider
