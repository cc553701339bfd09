#include "mock/routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/core/string.hpp>

#include "mock/anthropic.h"
#include "mock/anthropic_messages.h"
#include "mock/cartesia.h"
#include "mock/cartesia_speech.h"
#include "mock/deepgram.h"
#include "mock/deepgram_speech.h"
#include "mock/elevenlabs.h"
#include "mock/elevenlabs_lists.h"
#include "mock/elevenlabs_speech.h"
#include "mock/gemini.h"
#include "mock/gemini_content.h"
#include "mock/gemini_embeddings.h"
#include "mock/gemini_models.h"
#include "mock/ollama.h"
#include "mock/ollama_embeddings.h"
#include "mock/ollama_text.h"
#include "mock/openai.h"
#include "mock/openai_chat.h"
#include "mock/openai_completions.h"
#include "mock/openai_embeddings.h"
#include "mock/openai_images.h"
#include "mock/openai_lists.h"
#include "mock/openai_models.h"
#include "mock/openai_responses.h"
#include "mock/openai_speech.h"
#include "mock/openai_transcriptions.h"
#include "mock/plain.h"
#include "mock/sarvam.h"
#include "mock/sarvam_speech.h"
#include "mock/sarvam_translate.h"

namespace refrain::mock {
namespace {

answer unknown_url(const call& asked) {
  return openai::refuse(asked,
                        {.status = 404, .message = fmt::format("Invalid URL ({} {})", asked.method, asked.path())});
}

using boost::beast::iequals;

constexpr dialect openai_dialect{.refuse = openai::refuse, .credential = openai::credential};
constexpr dialect elevenlabs_dialect{.refuse = elevenlabs::refuse, .credential = elevenlabs::credential};
constexpr dialect sarvam_dialect{.refuse = sarvam::refuse, .credential = sarvam::credential, .no_key_status = 403};
constexpr dialect deepgram_dialect{.refuse = deepgram::refuse, .credential = deepgram::credential};
constexpr dialect cartesia_dialect{.refuse = cartesia::refuse, .credential = cartesia::credential};
constexpr dialect anthropic_dialect{.refuse = anthropic::refuse, .credential = anthropic::credential};
constexpr dialect ollama_dialect{.refuse = ollama::refuse, .credential = ollama::credential};
constexpr dialect gemini_dialect{.refuse = gemini::refuse, .credential = gemini::credential, .no_key_status = 403};

constexpr route routes[] = {
    {"POST", "*/api/chat", &ollama_dialect, ollama::chat},
    {"POST", "*/api/generate", &ollama_dialect, ollama::generate},
    {"POST", "*/api/embed", &ollama_dialect, ollama::embed},
    {"POST", "*/api/embeddings", &ollama_dialect, ollama::embeddings},
    {"GET", "*/api/tags", &ollama_dialect, ollama::list_models},
    {"GET", "*/api/version", &ollama_dialect, ollama::version},
    {"POST", "*/chat/completions", &sarvam_dialect, openai::chat_completions, "api-subscription-key"},
    {"POST", "*/chat/completions", &openai_dialect, openai::chat_completions},
    {"POST", "*/audio/speech", &openai_dialect, openai::speech},
    {"GET", "*/models", &elevenlabs_dialect, elevenlabs::list_models, "xi-api-key"},
    {"POST", "*/completions", &openai_dialect, openai::completions},
    {"POST", "*/embeddings", &openai_dialect, openai::embeddings},
    {"POST", "*/responses", &openai_dialect, openai::responses},
    {"POST", "*/audio/transcriptions", &openai_dialect, openai::transcriptions},
    {"POST", "*/audio/translations", &openai_dialect, openai::translations},
    {"POST", "*/images/generations", &openai_dialect, openai::images},
    {"POST", "*/moderations", &openai_dialect, openai::moderations},
    {"POST", "*/rerank", &openai_dialect, openai::rerank},
    {"POST", "*/models/*:generateContent", &gemini_dialect, gemini::generate_content},
    {"POST", "*/models/*:streamGenerateContent", &gemini_dialect, gemini::generate_content},
    {"POST", "*/models/*:embedContent", &gemini_dialect, gemini::embed_content},
    {"POST", "*/models/*:batchEmbedContents", &gemini_dialect, gemini::embed_content},
    {"POST", "*/models/*:countTokens", &gemini_dialect, gemini::count_tokens},
    {"GET", "*/models", &gemini_dialect, gemini::list_models, "x-goog-api-key"},
    {"GET", "*/models/*", &gemini_dialect, gemini::one_model, "x-goog-api-key"},
    {"GET", "*/v1beta/models", &gemini_dialect, gemini::list_models},
    {"GET", "*/v1beta/models/*", &gemini_dialect, gemini::one_model},
    {"GET", "*/models", &openai_dialect, openai::list_models},
    {"GET", "*/models/*", &openai_dialect, openai::one_model},
    {"POST", "*/text-to-speech", &sarvam_dialect, sarvam::text_to_speech},
    {"POST", "*/text-to-speech/stream", &sarvam_dialect, sarvam::text_to_speech_stream},
    {"POST", "*/translate", &sarvam_dialect, sarvam::translate},
    {"POST", "*/text-to-speech/*/stream/with-timestamps", &elevenlabs_dialect, elevenlabs::stream_with_timestamps},
    {"POST", "*/text-to-speech/*/with-timestamps", &elevenlabs_dialect, elevenlabs::speech_with_timestamps},
    {"POST", "*/text-to-speech/*/stream", &elevenlabs_dialect, elevenlabs::speech_stream},
    {"POST", "*/text-to-speech/*", &elevenlabs_dialect, elevenlabs::speech},
    {"GET", "*/voices", &elevenlabs_dialect, elevenlabs::list_voices},
    {"POST", "*/speak", &deepgram_dialect, deepgram::speak_text},
    {"POST", "*/tts/bytes", &cartesia_dialect, cartesia::speech_bytes},
    {"POST", "*/tts/sse", &cartesia_dialect, cartesia::speech_events},
    {"POST", "*/messages", &anthropic_dialect, anthropic::messages},
    {"POST", "*/messages/count_tokens", &anthropic_dialect, anthropic::count_tokens},
    {"GET", "*/bytes/*", &openai_dialect, plain::counted_bytes},
    {"POST", "*/echo", &openai_dialect, nullptr},
    {"*", "*/anything/*", &openai_dialect, nullptr},
    {"*", "*/anything", &openai_dialect, nullptr},
};

constexpr route no_route{"*", "*", &openai_dialect, unknown_url};

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
    return name.empty() || std::ranges::any_of(headers, [&](const header& one) { return iequals(one.name, name); });
  };
  for (const auto& row : routes) {
    if ((row.method == "*" || row.method == wanted) && fits(row.pattern, path) && shows(row.shown_by)) return row;
  }
  return no_route;
}

}  // namespace refrain::mock
