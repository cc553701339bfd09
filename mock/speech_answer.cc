#include "mock/speech_answer.h"

#include <utility>

namespace refrain::mock {

answer whole_answer(const clip& sound) {
  return {.content_type = std::string(content_type_of(sound.format)), .pieces = {sound.bytes}};
}

answer streamed_answer(const clip& sound, std::string_view text, const call& asked) {
  answer reply{.content_type = std::string(content_type_of(sound.format)), .chunked = true};
  for (auto& piece : pieces_of(sound, text, asked.wish.tokens_per_chunk))
    reply.pieces.push_back(std::move(piece.bytes));
  return reply;
}

}  // namespace refrain::mock
