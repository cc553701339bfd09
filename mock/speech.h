#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mock/audio.h"
#include "mock/call.h"

namespace refrain::mock {

/// What a clip says, and in what form.
struct utterance {
  std::string text;
  std::string proof;      ///< 16 hex digits (proof.h)
  double speed = 1;       ///< 2 is twice as fast; held within 0.25 and 4
  audio_format format{};  ///< one that `is_made`
};

/// Speech, and when it says what. The characters (code points) of the text take the same time each, then it is silent.
struct clip {
  std::string text{};
  audio_format format{};
  std::string bytes{};
  std::size_t head = 0;        ///< bytes before the first sound: those of the container
  std::size_t characters = 0;  ///< of the text
  std::chrono::duration<double> spoken{};
  std::chrono::duration<double> length{};  ///< with the silence

  /// When a character starts, counted from 0; for the one after the last: when that ends.
  [[nodiscard]] std::chrono::duration<double> start_of(std::size_t character) const;
};

/// A part of a clip as a stream delivers it.
struct clip_piece {
  std::string bytes{};
  std::size_t first = 0;                  ///< its first character, counted from 0
  std::vector<std::string> characters{};  ///< what it says; none: the silence at the end
};

/// The clip, the same bytes for the same utterance. A tone stands for the speech, 60 ms a character and at most five
/// minutes, its pitch taken from the proof. MP3 is silent, of the length that the tone would have.
///
/// Every clip holds "proof:<16 hex digits>" as plain text: WAV in the chunk ICMT of LIST/INFO, MP3 in a COMM frame of
/// ID3v2, raw audio in place of its first samples, with zero bytes up to a whole sample.
[[nodiscard]] clip speak(const utterance& what);

/// The clip in pieces that say `tokens` tokens (text.h) of its text each, then the silence. Joined they are the clip;
/// the first has its head.
[[nodiscard]] std::vector<clip_piece> pieces_of(const clip& whole, std::size_t tokens);

/// The clip as a body with a length; and as a chunked one, a chunk for each of its pieces.
[[nodiscard]] answer whole_answer(const clip& sound);
[[nodiscard]] answer streamed_answer(const clip& sound, std::size_t tokens);

/// The characters of a UTF-8 text.
[[nodiscard]] std::vector<std::string> characters_of(std::string_view text);

}  // namespace refrain::mock
