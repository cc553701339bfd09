#include "mock/routes.h"

#include <algorithm>
#include <boost/beast/http/rfc7230.hpp>
#include <iterator>

#include "base/text.h"
#include "mock/anthropic.h"
#include "mock/cartesia.h"
#include "mock/deepgram.h"
#include "mock/elevenlabs.h"
#include "mock/gemini.h"
#include "mock/ollama.h"
#include "mock/openai.h"
#include "mock/plain.h"
#include "mock/renderer.h"
#include "mock/sarvam.h"

namespace refrain::mock {
namespace {

answer unknown_url(const call& asked) { return renderer(openai::api, asked).refuse("no_route"); }

constexpr route routes[] = {
    {"POST", "*/api/chat", &ollama::api, ollama::chat},
    {"POST", "*/api/generate", &ollama::api, ollama::generate},
    {"POST", "*/api/embed", &ollama::api, ollama::embed},
    {"POST", "*/api/embeddings", &ollama::api, ollama::embeddings},
    {"GET", "*/api/tags", &ollama::api, ollama::list_models},
    {"GET", "*/api/version", &ollama::api, ollama::version},
    {"POST", "*/chat/completions", &sarvam::api, openai::chat_completions, "api-subscription-key"},
    {"POST", "*/chat/completions", &openai::api, openai::chat_completions},
    {"POST", "*/audio/speech", &openai::api, openai::speech},
    {"GET", "*/models", &elevenlabs::api, elevenlabs::list_models, "xi-api-key"},
    {"POST", "*/completions", &openai::api, openai::completions},
    {"POST", "*/embeddings", &openai::api, openai::embeddings},
    {"POST", "*/responses", &openai::api, openai::responses},
    {"POST", "*/audio/transcriptions", &openai::api, openai::transcriptions},
    {"POST", "*/audio/translations", &openai::api, openai::translations},
    {"POST", "*/images/generations", &openai::api, openai::images},
    {"POST", "*/moderations", &openai::api, openai::moderations},
    {"POST", "*/rerank", &openai::api, openai::rerank},
    {"POST", "*/models/*:generateContent", &gemini::api, gemini::generate_content},
    {"POST", "*/models/*:streamGenerateContent", &gemini::api, gemini::generate_content},
    {"POST", "*/models/*:embedContent", &gemini::api, gemini::embed_content},
    {"POST", "*/models/*:batchEmbedContents", &gemini::api, gemini::embed_content},
    {"POST", "*/models/*:countTokens", &gemini::api, gemini::count_tokens},
    {"GET", "*/models", &gemini::api, gemini::list_models, "x-goog-api-key"},
    {"GET", "*/models/*", &gemini::api, gemini::one_model, "x-goog-api-key"},
    {"GET", "*/v1beta/models", &gemini::api, gemini::list_models},
    {"GET", "*/v1beta/models/*", &gemini::api, gemini::one_model},
    {"GET", "*/models", &openai::api, openai::list_models},
    {"GET", "*/models/*", &openai::api, openai::one_model},
    {"POST", "*/text-to-speech", &sarvam::api, sarvam::text_to_speech},
    {"POST", "*/text-to-speech/stream", &sarvam::api, sarvam::text_to_speech_stream},
    {"POST", "*/translate", &sarvam::api, sarvam::translate},
    {"POST", "*/text-to-speech/*/stream/with-timestamps", &elevenlabs::api, elevenlabs::stream_with_timestamps},
    {"POST", "*/text-to-speech/*/with-timestamps", &elevenlabs::api, elevenlabs::speech_with_timestamps},
    {"POST", "*/text-to-speech/*/stream", &elevenlabs::api, elevenlabs::speech_stream},
    {"POST", "*/text-to-speech/*", &elevenlabs::api, elevenlabs::speech},
    {"GET", "*/voices", &elevenlabs::api, elevenlabs::list_voices},
    {"POST", "*/speak", &deepgram::api, deepgram::speak_text},
    {"POST", "*/tts/bytes", &cartesia::api, cartesia::speech_bytes},
    {"POST", "*/tts/sse", &cartesia::api, cartesia::speech_events},
    {"POST", "*/messages", &anthropic::api, anthropic::messages},
    {"POST", "*/messages/count_tokens", &anthropic::api, anthropic::count_tokens},
    {"GET", "*/bytes/*", &openai::api, plain::counted_bytes},
    {"POST", "*/echo", &openai::api, nullptr},
    {"*", "*/anything/*", &openai::api, nullptr},
    {"*", "*/anything", &openai::api, nullptr},
};

/// Says every message back.
class echo final : public websocket_handler {
 public:
  reaction receive(const message& said) override { return {.messages = {said}}; }
};

std::unique_ptr<websocket_handler> make_echo(const call& /*asked*/) { return std::make_unique<echo>(); }

constexpr websocket_route websockets[] = {
    {"*/text-to-speech/*/stream-input", &elevenlabs::api, elevenlabs::stream_input},
    {"*/text-to-speech/ws", &sarvam::api, sarvam::speech_socket},
    {"*/realtime", &openai::api, make_echo},
    {"*/echo", &openai::api, make_echo},
};

constexpr route no_route{"*", "*", &openai::api, unknown_url};

bool asks_for_websocket(const call& asked) {
  using tokens = boost::beast::http::token_list;
  const auto upgrade = asked.field("Upgrade");
  const auto connection = asked.field("Connection");
  return asked.method == "GET" && tokens{{upgrade.data(), upgrade.size()}}.exists("websocket") &&
         tokens{{connection.data(), connection.size()}}.exists("upgrade");
}

}  // namespace

bool fits(std::string_view pattern, std::string_view path) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == path;
  if (!path.starts_with(pattern.substr(0, star))) return false;
  const auto rest = pattern.substr(star + 1);
  for (auto from = star; from <= path.size(); ++from) {
    if (fits(rest, path.substr(from))) return true;
  }
  return false;
}

const route& find_route(std::string_view method, std::string_view path, const std::vector<header>& headers) {
  const auto wanted = method == "HEAD" ? "GET" : method;
  const auto shows = [&](std::string_view name) {
    return name.empty() ||
           std::ranges::any_of(headers, [&](const header& one) { return base::equal_ignoring_case(one.name, name); });
  };
  for (const auto& row : routes) {
    if ((row.method == "*" || row.method == wanted) && fits(row.pattern, path) && shows(row.shown_by)) return row;
  }
  return no_route;
}

const websocket_route* find_websocket(const call& asked) {
  if (!asks_for_websocket(asked)) return nullptr;
  const auto* const found =
      std::ranges::find_if(websockets, [&](const websocket_route& row) { return fits(row.pattern, asked.path()); });
  return found == std::end(websockets) ? nullptr : found;
}

}  // namespace refrain::mock
