#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "provider/dialect.h"

namespace refrain::provider {

/// ElevenLabs' speech with the times of its characters (API reference, "Create speech with timing", "Stream speech with
/// timing"): a JSON object with `audio_base64`, `alignment` and `normalized_alignment`, or such an object a line. An
/// alignment holds lists of `characters` and their start and end times, in seconds from the clip's beginning; it may be
/// null.

/// Reads an answer, `timed` or `timed_stream`.
[[nodiscard]] std::unique_ptr<answer_reader> read_elevenlabs_timed(wire_form form);

/// The audio of a whole answer. Fails with not_found where it cannot be read.
[[nodiscard]] base::result<std::string> audio_of_elevenlabs_timed(wire_form form, std::string_view answer);

/// One object of all lines: their audio joined, their alignments appended. Fails with not_found where it cannot be
/// read, or where times run backwards from one line to the next: they are then not counted from the clip's beginning.
[[nodiscard]] base::result<std::string> join_elevenlabs_lines(std::string_view lines);

/// An object as a stream of one line. Fails with not_found where it cannot be read.
[[nodiscard]] base::result<std::string> elevenlabs_line_of(std::string_view object);

}  // namespace refrain::provider
