#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "mock/call.h"
#include "mock/provider.h"
#include "mock/websocket.h"

namespace refrain::mock {

/// An endpoint. A new one is a row in its provider's file.
struct route {
  std::string_view method;   ///< "*": any
  std::string_view pattern;  ///< of the path: "*" stands for any text, also an empty one, slashes included
  const provider* speaks;
  answer (*respond)(const call&) = nullptr;
  /// Where not empty, the row is for calls with this header alone: providers share some paths, but not how a client
  /// shows its key.
  std::string_view shown_by{};
  std::string_view form{};  ///< in place of `respond`: the template of the answer, which needs no other values
  /// In place of both: the path speaks WebSocket, to calls that ask for it.
  std::unique_ptr<websocket_handler> (*open)(const call&) = nullptr;

  /// Whether it has none of these: the body is sent back chunk by chunk while it arrives.
  [[nodiscard]] constexpr bool sends_back() const { return respond == nullptr && form.empty() && open == nullptr; }
  [[nodiscard]] answer answer_to(const call& asked) const;
};

/// The row of a GET that a template answers.
constexpr route fixed(std::string_view pattern, const provider& speaks, std::string_view form,
                      std::string_view shown_by = {}) {
  return {.method = "GET", .pattern = pattern, .speaks = &speaks, .shown_by = shown_by, .form = form};
}

constexpr route socket(std::string_view pattern, const provider& speaks,
                       std::unique_ptr<websocket_handler> (*open)(const call&)) {
  return {.method = "GET", .pattern = pattern, .speaks = &speaks, .open = open};
}

extern const std::span<const route> anthropic_routes, cartesia_routes, deepgram_routes, elevenlabs_routes,
    gemini_routes, ollama_routes, openai_audio_routes, openai_chat_routes, openai_list_routes, openai_response_routes,
    plain_routes, sarvam_routes;

/// The first row that fits, HEAD counting as GET; where none does, one that answers 404 in OpenAI's shape. Rows of
/// WebSockets are for calls that ask for one, and for no others.
[[nodiscard]] const route& find_route(const call& asked);

/// Whether `path` fits a pattern as `route::pattern` describes it.
[[nodiscard]] bool fits(std::string_view pattern, std::string_view path);

}  // namespace refrain::mock
