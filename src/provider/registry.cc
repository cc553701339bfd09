#include "provider/registry.h"

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <boost/json.hpp>
#include <vector>

#include "base/utf8.h"
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

/// What a family has beside its conventions.
struct family_row {
  std::string_view name;
  std::string_view error_shape;  ///< see family::error_shape
};

constexpr std::string_view openai_shape = R"({"error":{"message":$message,"type":$type,"param":null,"code":$label}})";

constexpr family_row family_table[]{
    {"openai", openai_shape},
    {"azure", openai_shape},
    {"anthropic", R"({"type":"error","error":{"type":$type,"message":$message}})"},
    {"gemini", R"({"error":{"code":$status,"message":$message,"status":$google}})"},
    {"elevenlabs", R"({"detail":{"status":$label,"message":$message}})"},
    {"sarvam", R"({"error":{"message":$message,"code":$label,"request_id":null}})"},
    {"deepgram", R"({"err_code":$label,"err_msg":$message,"request_id":null})"},
    {"cartesia", R"({"error_code":$label,"title":$type,"message":$message,"request_id":null})"},
    {"ollama", R"({"error":$message})"},
};

std::vector<family> make_families() {
  std::vector<family> made;
  for (const auto& [name, shape] : family_table) {
    const auto known = config::known_providers();
    const auto row = std::ranges::find(known, name, &config::known_provider::name);
    if (row != known.end()) made.push_back({row->wire, name, shape});
  }
  return made;
}

std::string quoted(std::string_view text) { return boost::json::serialize(boost::json::string(base::to_utf8(text))); }

/// The name that google.rpc.Code has for an HTTP status.
std::string_view google_status(unsigned status) noexcept {
  switch (status) {
    case 401: return "UNAUTHENTICATED";
    case 403: return "PERMISSION_DENIED";
    case 404: return "NOT_FOUND";
    case 429: return "RESOURCE_EXHAUSTED";
    case 499: return "CANCELLED";
    case 504: return "DEADLINE_EXCEEDED";
    case 502:
    case 503: return "UNAVAILABLE";
    default: return status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
  }
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

std::string family::error_body(const base::error& why) const {
  const auto& traits = base::traits_of(why.code);
  std::string body{error_shape};
  boost::replace_all(body, "$type", quoted(traits.type));
  boost::replace_all(body, "$label", quoted(traits.label));
  boost::replace_all(body, "$google", quoted(google_status(traits.status)));
  boost::replace_all(body, "$status", std::to_string(traits.status));
  // Last, as a message may hold any of these words.
  boost::replace_all(body, "$message", quoted(why.context.empty() ? traits.label : std::string_view{why.context}));
  return body;
}

std::span<const family> families() {
  static const auto all = make_families();
  return all;
}

const family* find_family(std::string_view name) {
  const auto all = families();
  const auto at = std::ranges::find(all, name, &family::name);
  return at == all.end() ? nullptr : &*at;
}

std::span<const endpoint_row> endpoints() noexcept {
  using enum entry::cache_type;
  static constexpr endpoint_row rows[]{
      {"openai", "chat.completions", "/chat/completions", llm, openai_chat},
      {"openai", "audio.speech", "/audio/speech", tts, openai_speech},
      {"openai", "completions", "/completions", llm, openai_completions},
      {"openai", "embeddings", "/embeddings", embedding, openai_embeddings},
      {"openai", "responses", "/responses", llm, openai_responses},
      {"openai", "audio.transcriptions", "/audio/transcriptions", stt, openai_transcription},
      {"openai", "audio.translations", "/audio/translations", stt, openai_transcription},
      {"openai", "images.generations", "/images/generations", image, openai_images},
      {"openai", "moderations", "/moderations", text, openai_moderations},
      // Azure OpenAI: the deployment stands in the path, and so in the key.
      {"azure", "chat.completions", "/openai/deployments/{}/chat/completions", llm, openai_chat},
      {"azure", "completions", "/openai/deployments/{}/completions", llm, openai_completions},
      {"azure", "embeddings", "/openai/deployments/{}/embeddings", embedding, openai_embeddings},
      {"azure", "audio.speech", "/openai/deployments/{}/audio/speech", tts, openai_speech},
      {"azure", "audio.transcriptions", "/openai/deployments/{}/audio/transcriptions", stt, openai_transcription},
      {"azure", "images.generations", "/openai/deployments/{}/images/generations", image, openai_images},
      {"gemini", "generateContent", "/models/{}:generateContent", llm, gemini_content},
      {"gemini", "generateContent", "/models/{}:streamGenerateContent", llm, gemini_content},
      {"gemini", "embedContent", "/models/{}:embedContent", embedding, gemini_embeddings},
      {"gemini", "embedContent", "/models/{}:batchEmbedContents", embedding, gemini_embeddings},
      {"gemini", "countTokens", "/models/{}:countTokens", text, gemini_count_tokens},
      {"ollama", "chat", "/api/chat", llm, ollama_chat},
      {"ollama", "generate", "/api/generate", llm, ollama_generate},
      {"ollama", "embed", "/api/embed", embedding, ollama_embed},
      {"ollama", "embeddings", "/api/embeddings", embedding, ollama_embeddings},
      {"openai", "rerank", "/rerank", text, rerank},
      {"anthropic", "messages", "/messages", llm, anthropic_messages},
      {"anthropic", "messages.count_tokens", "/messages/count_tokens", text, anthropic_count_tokens},
      // Rows of one name share their entries.
      {"elevenlabs", "text_to_speech", "/text-to-speech/{}", tts, elevenlabs_speech},
      {"elevenlabs", "text_to_speech", "/text-to-speech/{}/stream", tts, elevenlabs_speech},
      {"elevenlabs", "text_to_speech", "/text-to-speech/{}/with-timestamps", tts, elevenlabs_speech},
      {"elevenlabs", "text_to_speech", "/text-to-speech/{}/stream/with-timestamps", tts, elevenlabs_speech},
      {"sarvam", "text_to_speech", "/text-to-speech", tts, sarvam_speech},
      {"sarvam", "text_to_speech.stream", "/text-to-speech/stream", tts, sarvam_speech_stream},
      {"sarvam", "translate", "/translate", text, sarvam_translate},
      {"sarvam", "chat.completions", "/chat/completions", llm, openai_chat},
      {"deepgram", "speak", "/speak", tts, deepgram_speak},
      {"cartesia", "tts", "/tts/bytes", tts, cartesia_speech},
      {"cartesia", "tts", "/tts/sse", tts, cartesia_speech},
  };
  return rows;
}

const endpoint_row* find_endpoint(std::string_view family, std::string_view path) noexcept {
  for (const auto& row : endpoints()) {
    if (row.family == family && (path_fits(row.path, path) || path_fits(row.path, without_version(path)))) return &row;
  }
  return nullptr;
}

}  // namespace refrain::provider
