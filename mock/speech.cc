#include "mock/speech.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "base/text.h"
#include "mock/audio.h"
#include "mock/text.h"

namespace refrain::mock {
namespace {

using seconds = std::chrono::duration<double>;

constexpr seconds a_character{0.06};
constexpr seconds longest{300};
constexpr seconds silence{0.2};

/// 220 to 659 Hz.
unsigned pitch_of(std::string_view proof) {
  std::uint32_t number = 0;
  std::from_chars(proof.data(), proof.data() + std::min<std::size_t>(proof.size(), 8), number, 16);
  return 220 + number % 440;
}

seconds time_for(const utterance& what, std::size_t characters) {
  const auto speed = std::clamp(what.speed, 0.25, 4.0);
  return std::min(a_character * static_cast<double>(std::max<std::size_t>(characters, 1)) / speed, longest);
}

/// Samples and their container; `into` says how long they sound.
void speak_samples(const utterance& what, const std::string& proof, clip& into) {
  auto sound = tone(into.spoken, what.format.sample_rate, pitch_of(what.proof));
  into.spoken = seconds(static_cast<double>(sound.samples.size()) / sound.sample_rate);
  const auto rest = static_cast<std::size_t>(silence.count() * sound.sample_rate);
  sound.samples.resize((sound.samples.size() + rest + 1) / 2 * 2);  // a RIFF chunk has an even size
  into.length = seconds(static_cast<double>(sound.samples.size()) / sound.sample_rate);

  auto samples = encoded(sound, what.format.encoding);
  if (what.format.container == audio_container::wav) {
    into.bytes = wav_head(what.format, samples.size(), proof);
    into.head = into.bytes.size();
    into.bytes += samples;
    return;
  }
  const auto width = facts_of(what.format.encoding).width;
  auto mark = proof;
  mark.resize((mark.size() + width - 1) / width * width);
  into.bytes = samples.replace(0, mark.size(), mark);
}

}  // namespace

seconds clip::start_of(std::size_t character) const {
  if (characters == 0) return seconds{0};
  return spoken * (static_cast<double>(character) / static_cast<double>(characters));
}

clip speak(const utterance& what) {
  clip made{.text = what.text, .format = what.format, .characters = base::count_code_points(what.text)};
  made.spoken = time_for(what, made.characters);
  made.length = made.spoken + silence;
  const auto proof = fmt::format("proof:{}", what.proof);
  if (what.format.container == audio_container::mp3) {
    made.bytes = mp3_head(proof);
    made.head = made.bytes.size();
    made.bytes += mp3_silence(made.length, what.format.sample_rate, what.format.bit_rate);
  } else {
    speak_samples(what, proof, made);
  }
  return made;
}

std::vector<std::string> characters_of(std::string_view text) {
  std::vector<std::string> all;
  for (const char c : text) {
    if (all.empty() || base::begins_code_point(c)) all.emplace_back();
    all.back() += c;
  }
  return all;
}

std::vector<clip_piece> pieces_of(const clip& whole, std::size_t tokens) {
  const auto width = whole.format.container == audio_container::mp3 ? 1 : facts_of(whole.format.encoding).width;
  const auto sounding = static_cast<double>(whole.bytes.size() - whole.head);
  const auto offset_of = [&](std::size_t character) {
    const auto exact = static_cast<std::size_t>(sounding * (whole.start_of(character) / whole.length));
    return std::min(whole.head + exact / width * width, whole.bytes.size());
  };
  std::vector<clip_piece> pieces;
  std::size_t from = 0, character = 0;
  for (const auto& said : pieces_of(tokens_of(whole.text), tokens)) {
    clip_piece piece{.first = character, .characters = characters_of(said)};
    character += piece.characters.size();
    const auto end = offset_of(character);
    piece.bytes = whole.bytes.substr(from, end - from);
    from = end;
    pieces.push_back(std::move(piece));
  }
  pieces.push_back({.bytes = whole.bytes.substr(from), .first = character});
  return pieces;
}

answer whole_answer(const clip& sound) {
  return {.content_type = std::string(content_type_of(sound.format)), .pieces = {sound.bytes}};
}

answer streamed_answer(const clip& sound, std::size_t tokens) {
  answer reply{.content_type = std::string(content_type_of(sound.format)), .chunked = true};
  for (auto& piece : pieces_of(sound, tokens)) reply.pieces.push_back(std::move(piece.bytes));
  return reply;
}

}  // namespace refrain::mock
