// The table of providers. A new one is a row here; a new family of wire formats is also code in provider/
// (CONTRIBUTING.md, A new family).
#include "config/known_providers.h"

#include <vector>

namespace refrain::config {
namespace {

using names = std::array<std::string_view, 2>;

constexpr std::array<std::string_view, 1> bearer_only{"authorization"};
// Azure takes its own keys in one header, and Entra's tokens in the other.
constexpr names azure_headers{"api-key", "authorization"};
// Anthropic's SDKs send `Authorization: Bearer`, others its documented header (clients.md, row 10).
constexpr names anthropic_headers{"x-api-key", "authorization"};
// OpenAI's SDKs reach Gemini with `Authorization: Bearer`.
constexpr names gemini_headers{"x-goog-api-key", "authorization"};
constexpr names gemini_parameters{"key", "access_token"};
constexpr std::array<std::string_view, 1> elevenlabs_headers{"xi-api-key"};
// Sarvam's chat completions take either.
constexpr names sarvam_headers{"api-subscription-key", "authorization"};
constexpr names cartesia_headers{"authorization", "x-api-key"};

// Streams are asked for usage only where the server is known to bear it: some compatible ones refuse `stream_options`.
constexpr known_provider rows[] = {
    {.name = "openai",
     .base_url = "https://api.openai.com/v1",
     .dialect = "openai",
     .ask_usage = true,
     .url_variables = {{{"OPENAI_BASE_URL", "/v1"},    // OpenAI's SDKs, AI SDK, llm
                        {"OPENAI_API_BASE", "/v1"}}},  // LiteLLM, LangChain, aider, StreetRace
     .wire = {.credential_header = "authorization",
              .credential_scheme = "Bearer",
              .credential_headers = bearer_only,
              .free_path = "/models"}},
    {.name = "azure",
     .dialect = "azure",
     .wire = {.credential_header = "api-key", .credential_headers = azure_headers}},
    {.name = "anthropic",
     .base_url = "https://api.anthropic.com",
     .dialect = "anthropic",
     // Anthropic's SDKs add /v1/messages themselves. AI SDK does not, yet reads the same variable: one cannot serve
     // both.
     .url_variables = {{{"ANTHROPIC_BASE_URL"}, {"ANTHROPIC_API_BASE"}}},  // the second: LiteLLM, which adds it too
     .other_key_variable = "ANTHROPIC_AUTH_TOKEN",
     .wire = {.credential_header = "x-api-key",
              .credential_headers = anthropic_headers,
              .free_path = "/v1/models",
              .free_header = "anthropic-version: 2023-06-01\r\n"}},
    {.name = "gemini",
     .base_url = "https://generativelanguage.googleapis.com",
     .dialect = "gemini",
     // Google's SDKs add the version. GEMINI_API_BASE means something else to each program that reads it: left alone.
     .url_variables = {{{"GOOGLE_GEMINI_BASE_URL"}, {"GEMINI_BASE_URL"}}},  // the first: google-genai, Gemini CLI
     .other_key_variable = "GOOGLE_API_KEY",
     .wire = {.credential_header = "x-goog-api-key",
              .credential_headers = gemini_headers,
              .credential_parameters = gemini_parameters,
              .free_path = "/v1beta/models"}},
    {.name = "elevenlabs",
     .base_url = "https://api.elevenlabs.io",
     .dialect = "elevenlabs",
     .url_variables = {{{"ELEVENLABS_BASE_URL"}, {"ELEVENLABS_API_BASE"}}},  // the second: LiteLLM
     .other_key_variable = "ELEVEN_API_KEY",
     .wire = {.credential_header = "xi-api-key", .credential_headers = elevenlabs_headers, .free_path = "/v1/models"}},
    {.name = "sarvam",
     .base_url = "https://api.sarvam.ai",
     .dialect = "sarvam",
     .url_variables = {{{"SARVAM_BASE_URL"}}},
     .wire = {.credential_header = "api-subscription-key", .credential_headers = sarvam_headers}},
    {.name = "deepgram",
     .base_url = "https://api.deepgram.com",
     .dialect = "deepgram",
     .url_variables = {{{"DEEPGRAM_BASE_URL"},
                        {"DEEPGRAM_API_BASE", "/v1"},  // LiteLLM, which adds /listen
                        {"DEEPGRAM_HOST"}}},           // Deepgram's SDKs before version 5
     .wire = {.credential_header = "authorization",
              .credential_scheme = "Token",
              .credential_headers = bearer_only,
              .free_path = "/v1/projects"}},
    {.name = "cartesia",
     .base_url = "https://api.cartesia.ai",
     .dialect = "cartesia",
     .url_variables = {{{"CARTESIA_BASE_URL"}}},
     .wire = {.credential_header = "authorization",
              .credential_scheme = "Bearer",
              .credential_headers = cartesia_headers}},
    {.name = "ollama",
     .base_url = "http://127.0.0.1:11434",
     .dialect = "ollama",
     .url_variables = {{{"OLLAMA_HOST"},        // ollama's command line and SDKs
                        {"OLLAMA_API_BASE"}}},  // LiteLLM
     .wire = {.credential_header = "authorization", .credential_scheme = "Bearer", .credential_headers = bearer_only}},

    // The second variable of two is LiteLLM's. Groq's SDK adds /openai/v1 to GROQ_BASE_URL: left alone.
    {"groq", "https://api.groq.com/openai/v1", "openai", false, {{{"GROQ_API_BASE", "/v1"}}}},
    {"together", "https://api.together.xyz/v1", "openai", false, {{{"TOGETHER_BASE_URL", "/v1"}}}},
    {"openrouter",
     "https://openrouter.ai/api/v1",
     "openai",
     false,
     {{{"OPENROUTER_BASE_URL", "/v1"}, {"OPENROUTER_API_BASE", "/v1"}}}},
    {"mistral", "https://api.mistral.ai/v1", "openai", false, {{{"MISTRAL_API_BASE", "/v1"}}}},
    {"deepseek",
     "https://api.deepseek.com/v1",
     "openai",
     false,
     {{{"DEEPSEEK_BASE_URL", "/v1"}, {"DEEPSEEK_API_BASE", "/v1"}}}},
};

}  // namespace

std::span<const known_provider> known_providers() noexcept { return rows; }

std::span<const known_provider> built_in_upstreams() {
  static const auto found = [] {
    std::vector<known_provider> with_address;
    for (const auto& row : rows) {
      if (!row.base_url.empty()) with_address.push_back(row);
    }
    return with_address;
  }();
  return found;
}

std::map<std::string, upstream> initial_upstreams() {
  std::map<std::string, upstream> all;
  for (const auto& row : built_in_upstreams()) {
    all.emplace(row.name, upstream{.base_url = std::string(row.base_url),
                                   .dialect = std::string(row.dialect),
                                   .api_key = {},
                                   .ask_usage = row.ask_usage});
  }
  return all;
}

std::span<const std::string_view> dialects() {
  static const auto found = [] {
    std::vector<std::string_view> families;
    for (const auto& row : rows) {
      if (row.dialect == row.name) families.push_back(row.name);
    }
    return families;
  }();
  return found;
}

}  // namespace refrain::config
