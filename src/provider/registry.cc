#include "provider/registry.h"

#include <algorithm>
#include <array>
#include <vector>

#include "provider/error_bodies.h"
#include "provider/families/anthropic.h"
#include "provider/families/cartesia_speech.h"
#include "provider/families/deepgram_speak.h"
#include "provider/families/elevenlabs_speech.h"
#include "provider/families/gemini.h"
#include "provider/families/ollama.h"
#include "provider/families/openai.h"
#include "provider/families/sarvam.h"

namespace refrain::provider {
namespace {

/// What a family is beside its conventions: code.
struct family_code {
  std::string_view name;
  std::string (*error_body)(const base::error& why);
};
constexpr std::array code_table{
    family_code{"openai", openai_error_body},         family_code{"azure", openai_error_body},
    family_code{"anthropic", anthropic_error_body},   family_code{"gemini", gemini_error_body},
    family_code{"elevenlabs", elevenlabs_error_body}, family_code{"sarvam", sarvam_error_body},
    family_code{"deepgram", deepgram_error_body},     family_code{"cartesia", cartesia_error_body},
    family_code{"ollama", ollama_error_body},
};

std::vector<family> make_families() {
  std::vector<family> made;
  for (const auto& code : code_table) {
    const auto known = config::known_providers();
    const auto row = std::ranges::find(known, code.name, &config::known_provider::name);
    if (row != known.end()) made.push_back({row->wire, code.name, code.error_body});
  }
  return made;
}

std::span<const endpoint_row> endpoint_table() noexcept {
  static const std::array rows{
      endpoint_row{"openai", "chat.completions", "/chat/completions", entry::cache_type::llm, openai_chat()},
      endpoint_row{"openai", "audio.speech", "/audio/speech", entry::cache_type::tts, openai_speech()},
      endpoint_row{"openai", "completions", "/completions", entry::cache_type::llm, openai_completions()},
      endpoint_row{"openai", "embeddings", "/embeddings", entry::cache_type::embedding, openai_embeddings()},
      endpoint_row{"openai", "responses", "/responses", entry::cache_type::llm, openai_responses()},
      endpoint_row{"openai", "audio.transcriptions", "/audio/transcriptions", entry::cache_type::stt,
                   openai_transcription()},
      endpoint_row{"openai", "audio.translations", "/audio/translations", entry::cache_type::stt,
                   openai_transcription()},
      endpoint_row{"openai", "images.generations", "/images/generations", entry::cache_type::image, openai_images()},
      endpoint_row{"openai", "moderations", "/moderations", entry::cache_type::text, openai_moderations()},
      // Azure OpenAI: the deployment stands in the path, and so in the key.
      endpoint_row{"azure", "chat.completions", "/openai/deployments/{}/chat/completions", entry::cache_type::llm,
                   openai_chat()},
      endpoint_row{"azure", "completions", "/openai/deployments/{}/completions", entry::cache_type::llm,
                   openai_completions()},
      endpoint_row{"azure", "embeddings", "/openai/deployments/{}/embeddings", entry::cache_type::embedding,
                   openai_embeddings()},
      endpoint_row{"azure", "audio.speech", "/openai/deployments/{}/audio/speech", entry::cache_type::tts,
                   openai_speech()},
      endpoint_row{"azure", "audio.transcriptions", "/openai/deployments/{}/audio/transcriptions",
                   entry::cache_type::stt, openai_transcription()},
      endpoint_row{"azure", "images.generations", "/openai/deployments/{}/images/generations", entry::cache_type::image,
                   openai_images()},
      endpoint_row{"gemini", "generateContent", "/models/{}:generateContent", entry::cache_type::llm, gemini_content()},
      endpoint_row{"gemini", "generateContent", "/models/{}:streamGenerateContent", entry::cache_type::llm,
                   gemini_content()},
      endpoint_row{"gemini", "embedContent", "/models/{}:embedContent", entry::cache_type::embedding,
                   gemini_embeddings()},
      endpoint_row{"gemini", "embedContent", "/models/{}:batchEmbedContents", entry::cache_type::embedding,
                   gemini_embeddings()},
      endpoint_row{"gemini", "countTokens", "/models/{}:countTokens", entry::cache_type::text, gemini_count_tokens()},
      endpoint_row{"ollama", "chat", "/api/chat", entry::cache_type::llm, ollama_chat()},
      endpoint_row{"ollama", "generate", "/api/generate", entry::cache_type::llm, ollama_generate()},
      endpoint_row{"ollama", "embed", "/api/embed", entry::cache_type::embedding, ollama_embed()},
      endpoint_row{"ollama", "embeddings", "/api/embeddings", entry::cache_type::embedding, ollama_embeddings()},
      endpoint_row{"openai", "rerank", "/rerank", entry::cache_type::text, rerank()},
      endpoint_row{"anthropic", "messages", "/messages", entry::cache_type::llm, anthropic_messages()},
      endpoint_row{"anthropic", "messages.count_tokens", "/messages/count_tokens", entry::cache_type::text,
                   anthropic_count_tokens()},
      // Rows of one name share their entries.
      endpoint_row{"elevenlabs", "text_to_speech", "/text-to-speech/{}", entry::cache_type::tts, elevenlabs_speech()},
      endpoint_row{"elevenlabs", "text_to_speech", "/text-to-speech/{}/stream", entry::cache_type::tts,
                   elevenlabs_speech()},
      endpoint_row{"elevenlabs", "text_to_speech", "/text-to-speech/{}/with-timestamps", entry::cache_type::tts,
                   elevenlabs_speech()},
      endpoint_row{"elevenlabs", "text_to_speech", "/text-to-speech/{}/stream/with-timestamps", entry::cache_type::tts,
                   elevenlabs_speech()},
      endpoint_row{"sarvam", "text_to_speech", "/text-to-speech", entry::cache_type::tts, sarvam_speech()},
      endpoint_row{"sarvam", "text_to_speech.stream", "/text-to-speech/stream", entry::cache_type::tts,
                   sarvam_speech_stream()},
      endpoint_row{"sarvam", "translate", "/translate", entry::cache_type::text, sarvam_translate()},
      endpoint_row{"sarvam", "chat.completions", "/chat/completions", entry::cache_type::llm, openai_chat()},
      endpoint_row{"deepgram", "speak", "/speak", entry::cache_type::tts, deepgram_speak()},
      endpoint_row{"cartesia", "tts", "/tts/bytes", entry::cache_type::tts, cartesia_speech()},
      endpoint_row{"cartesia", "tts", "/tts/sse", entry::cache_type::tts, cartesia_speech()},
  };
  return rows;
}

/// Takes the segment that the text begins with, its slash included: `/chat` of `/chat/completions`.
std::string_view take_segment(std::string_view& path) noexcept {
  const std::size_t end = std::min(path.find('/', 1), path.size());
  const auto segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

/// `{}` stands for at least one character.
bool segment_fits(std::string_view pattern, std::string_view segment) noexcept {
  const auto hole = pattern.find("{}");
  if (hole == std::string_view::npos) return segment == pattern;
  const auto before = pattern.substr(0, hole);
  const auto after = pattern.substr(hole + 2);
  return segment.size() > before.size() + after.size() && segment.starts_with(before) && segment.ends_with(after);
}

bool path_fits(std::string_view pattern, std::string_view path) noexcept {
  while (!pattern.empty() && !path.empty()) {
    if (!segment_fits(take_segment(pattern), take_segment(path))) return false;
  }
  return pattern.empty() && path.empty();
}

std::string_view without_version(std::string_view path) noexcept {
  auto rest = path;
  const auto version = path.starts_with('/') ? take_segment(rest) : std::string_view{};
  const bool is_one = version == "/v1" || version == "/v1beta" || version == "/v1alpha";
  return is_one && !rest.empty() ? rest : path;
}

}  // namespace

std::span<const family> families() {
  static const auto all = make_families();
  return all;
}

const family* find_family(std::string_view name) {
  const auto all = families();
  const auto at = std::ranges::find(all, name, &family::name);
  return at == all.end() ? nullptr : &*at;
}

std::span<const endpoint_row> endpoints() noexcept { return endpoint_table(); }

const endpoint_row* find_endpoint(std::string_view family, std::string_view path) noexcept {
  for (const auto& row : endpoints()) {
    if (row.family == family && (path_fits(row.path, path) || path_fits(row.path, without_version(path)))) return &row;
  }
  return nullptr;
}

}  // namespace refrain::provider
